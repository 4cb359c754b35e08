//go:build unix

package kvs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A symbolic link in the path must not lead out of the app's folder.
func TestFileOutsideApp(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	for link, to := range map[string]string{"link": outside, "storage.json": filepath.Join(outside, "a.json"), "inside": "."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"link/storage.json", "link/new/storage.json", "storage.json"} {
		for _, path := range []string{"set", "get"} {
			if got := doIn(t, &Store{}, File{dir, name}, path, set("a", 1)); !strings.Contains(got, "escapes") {
				t.Errorf("%s %s: got %s", path, name, got)
			}
		}
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
		t.Errorf("outside there are %v, %v", entries, err)
	}
	if got := doIn(t, &Store{}, File{dir, "inside/values.json"}, "set", set("a", 1)); got != "" {
		t.Errorf("a link inside the app: got %s", got)
	}
}

// Someone removes the lock file between its opening and its locking. Then another can lock a new one.
func TestRemovedLock(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	f, err := root.Create("lock")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !isStill(root, "lock", f) {
		t.Error("a file that is there counts as removed")
	}
	if err := root.Remove("lock"); err != nil {
		t.Fatal(err)
	}
	if isStill(root, "lock", f) {
		t.Error("a removed file counts as there")
	}
	if _, err := root.Create("lock"); err != nil || isStill(root, "lock", f) {
		t.Error("another file counts as the same:", err)
	}
}
