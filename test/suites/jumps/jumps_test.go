// Package jumps runs programs whose jumps internal/wasmjumps has made direct: tests of the standard library, and a program with
// every kind of jump, which must print the same as before. It runs them in Node.js.
//
// Run it from the folder test/:
//
//	go test ./suites/jumps
package jumps

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/wasmjumps"
	"github.com/forgego/forgego/test/harness/program"
)

// root returns the folder of the Go installation.
func root(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// compile runs a go command that writes a program to a file, and returns the file.
func compile(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.CommandContext(t.Context(), "go", append(args[:len(args)-1:len(args)-1], "-o", file, args[len(args)-1])...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// rewrite makes the jumps of a program direct, and returns the new file.
func rewrite(t *testing.T, file string) string {
	t.Helper()
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	after, err := wasmjumps.Rewrite(before)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(before, after) {
		t.Error("the program is as before")
	}
	file = filepath.Join(t.TempDir(), "rewritten.wasm")
	if err := os.WriteFile(file, after, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// result is what a program has done.
type result struct {
	stdout, stderr string
	status         int
}

// run runs a program in a folder. The flags are those of go_js_wasm_exec, which starts a program for "go run".
func run(t *testing.T, dir, file string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	start := filepath.Join(root(t), "lib", "wasm", "wasm_exec_node.js")
	cmd := exec.CommandContext(ctx, "node", append([]string{"--stack-size=8192", start, file}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	if err := cmd.Run(); ctx.Err() != nil || err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("%v, %v\n%s%s", err, ctx.Err(), &stdout, &stderr)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func TestStandardLibrary(t *testing.T) {
	for _, name := range []string{"context", "iter", "reflect", "regexp", "strconv", "sync"} {
		t.Run(name, func(t *testing.T) {
			file := rewrite(t, compile(t, "test", "-c", name))
			got := run(t, filepath.Join(root(t), "src", name), file, "-test.short")
			if got.status != 0 || !strings.HasSuffix(got.stdout, "PASS\n") {
				t.Errorf("exit status %d\n%s%s", got.status, got.stdout, got.stderr)
			}
		})
	}
}

// address matches a number in a trace that depends on where a program's data are.
var address = regexp.MustCompile(`\b0x[0-9a-f]+\b`)

// TestEveryJump compares a program before and after: its results, and the functions and lines in its traces.
func TestEveryJump(t *testing.T) {
	dir, err := program.Dir("jumps")
	if err != nil {
		t.Fatal(err)
	}
	before := compile(t, "build", dir)
	after := rewrite(t, before)
	for _, test := range []struct {
		arg, stdout, stderr string
		status              int
	}{
		{"all", "recover in a loop: [0 0text", "", 0},
		{"panic", "deferred", "jumps/flow.go:", 2},
		{"nil", "", "main.fail(", 2},
		{"deadlock", "", "created by main.end in goroutine 1", 2},
		{"exit", "", "", 3},
	} {
		t.Run(test.arg, func(t *testing.T) {
			want, got := run(t, ".", before, test.arg), run(t, ".", after, test.arg)
			for _, r := range []*result{&want, &got} {
				r.stderr = address.ReplaceAllString(r.stderr, "0x")
			}
			if got != want {
				t.Errorf("before:\n%d\n%s\n%s\nafter:\n%d\n%s\n%s", want.status, want.stdout, want.stderr, got.status, got.stdout, got.stderr)
			}
			if want.status != test.status || !strings.Contains(want.stdout, test.stdout) || !strings.Contains(want.stderr, test.stderr) {
				t.Errorf("exit status %d\n%s%s\nwanted in it: %d, %q and %q", want.status, want.stdout, want.stderr, test.status, test.stdout, test.stderr)
			}
		})
	}
}
