// Package command builds and runs the command forgego in tests, on apps whose files the tests write and change.
package command

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/testlog"
	"github.com/forgego/forgego/test/harness/program"
)

// Build builds the command into the folder dir and returns its path. It leaves out the tables for debuggers, which saves some of
// the linker's time. The test must run in a folder of the module test.
func Build(dir string) (path string, err error) {
	programs, err := program.Dir("")
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "forgego")
	build := exec.Command("go", "build", "-C", filepath.Join(programs, "..", ".."), "-ldflags=-w", "-o", path, "./cmd/forgego")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building forgego: %w\n%s", err, out)
	}
	return path, nil
}

// Process is a command that serves something.
type Process struct {
	// URL is the address that it has printed.
	URL string
	// Log has what it prints on standard error.
	Log *testlog.Log
	// Stop interrupts it and waits for its end. Another call does nothing.
	Stop func()
}

// Start starts a command that prints "ready: URL" when it serves, and waits for that. It ends with the test. The test fails if
// the command ends with an error, except by the interrupt. If the test fails, the log is shown.
func Start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{Log: &testlog.Log{}}
	cmd.Stderr = p.Log
	// A command may end with its input, so that it does not outlive a test that was killed.
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(cmd.Path)
	p.Stop = sync.OnceFunc(func() {
		in.Close()
		_ = cmd.Process.Signal(os.Interrupt)
		// A program that does not handle the interrupt ends by it, without an exit status.
		if err := cmd.Wait(); err != nil && cmd.ProcessState.Exited() {
			t.Errorf("%s: %v", name, err)
		}
		if t.Failed() {
			t.Logf("%s printed:\n%s", name, p.Log)
		}
	})
	t.Cleanup(p.Stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%s ended: %v", name, err)
	}
	p.URL = strings.TrimSpace(strings.TrimPrefix(line, "ready: "))
	return p
}
