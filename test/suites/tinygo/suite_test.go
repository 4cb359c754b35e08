package tinygo

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
)

// TestPackagesPassTheirTests runs the tests of the packages that use the page. It skips the files with the constraint
// !tinygo: they need recover, or a package that TinyGo does not have.
func TestPackagesPassTheirTests(t *testing.T) {
	browserexec := filepath.Join(t.TempDir(), "browserexec")
	output(t, ".", "go", "build", "-o", browserexec, "../../tools/browserexec")
	root, _ := output(t, ".", "tinygo", "env", "TINYGOROOT")
	wasmExec := filepath.Join(strings.TrimSpace(root), "targets", "wasm_exec.js")
	for _, name := range []string{"bridge", "internal/nesting", "bridge/view", "wasm"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			binary := filepath.Join(t.TempDir(), "program.test")
			output(t, "../../..", slices.Concat([]string{"tinygo", "test", "-c", "-o", binary}, bundle.TinyGoFlags(true), []string{"./" + name})...)
			// A TinyGo program writes to the page's console, which browserexec copies to standard error.
			_, console := output(t, ".", browserexec, "-wasm-exec", wasmExec, binary)
			if !slices.Contains(strings.Split(console, "\n"), "console.log: PASS") {
				t.Errorf("the tests printed:\n%s", console)
			}
		})
	}
}

// output runs a command in a folder and returns its output.
func output(t *testing.T, dir string, args ...string) (stdout, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	var out, problems bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &problems
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), err, &out, &problems)
	}
	return out.String(), problems.String()
}
