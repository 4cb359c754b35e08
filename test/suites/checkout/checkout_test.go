// Package checkout tests that a clone has the same bytes on every system. It needs Git, and it must run in a Git
// repository.
package checkout

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// TestCloneOnWindowsHasTheSameBytes checks that core.autocrlf=true, which Git for Windows sets, does not change the line
// ends. If it did, the programs that are built from the files would differ.
func TestCloneOnWindowsHasTheSameBytes(t *testing.T) {
	root := strings.TrimSpace(git(t, ".", "rev-parse", "--show-toplevel"))
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, root, "clone", "--quiet", "--depth=1", "-c", "core.autocrlf=true", "file://"+filepath.ToSlash(root), clone)
	files := strings.Split(strings.TrimSuffix(git(t, clone, "ls-files", "-z"), "\x00"), "\x00")
	if len(files) < 900 {
		t.Fatalf("the clone has %d files", len(files))
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(clone, name))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(name) == ".png" {
			if !bytes.HasPrefix(text, []byte("\x89PNG\r\n\x1a\n")) {
				t.Errorf("%s was taken for text", name)
			}
			continue
		}
		if bytes.Contains(text, []byte("\r\n")) {
			t.Errorf("%s has line ends of Windows", name)
		}
		if bytes.HasPrefix(text, []byte("\ufeff")) {
			t.Errorf("%s has a byte order mark", name)
		}
	}
}
