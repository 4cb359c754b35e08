package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/test/harness/browser"
)

// The test binary can also run as browserexec, so that the tests run the same code as users.
func TestMain(m *testing.M) {
	if os.Getenv("BROWSEREXEC_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// inEach runs a test in each browser that the variable BROWSER names.
func inEach(t *testing.T, test func(t *testing.T, engine browser.Engine)) {
	engines, err := browser.Engines()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range engines {
		t.Run(string(engine), func(t *testing.T) { test(t, engine) })
	}
}

// command returns a command that runs the program's tests with the given flags.
func command(t *testing.T, engine browser.Engine, binary string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, append([]string{"-browser", string(engine), binary}, args...)...)
	cmd.Env = append(os.Environ(), "BROWSEREXEC_MAIN=1")
	return cmd
}

// build compiles the tests of programs/browserexec for a page.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program.test")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, "../../programs/browserexec")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func TestRun(t *testing.T) {
	binary := build(t)
	inEach(t, func(t *testing.T, engine browser.Engine) { testRun(t, engine, binary) })
}

func testRun(t *testing.T, engine browser.Engine, binary string) {
	for _, test := range []struct {
		name   string
		args   []string
		status int
		stdout string
		stderr string
	}{
		{"-test.list", []string{"-test.list=Leave"}, 0, "TestLeave\n", ""},
		{"pass, with go test's own flags", []string{"-test.paniconexit0", "-test.timeout=10m0s", "-test.testlogfile=/tmp/log", "-test.run=^TestPass$"}, 0, "PASS", ""},
		{"fail", []string{"-test.run=^TestFail$"}, 1, "it fails", ""},
		{"panic", []string{"-test.run=^TestPanic$"}, 2, "", "panic: it panics"},
		{"exit status", []string{"-test.run=^TestExit$"}, 3, "", ""},
		{"timeout", []string{"-test.run=^TestSleep$", "-test.timeout=1s"}, 2, "", "panic: test timed out after 1s"},
		{"hang", []string{"-test.run=^TestHang$", "-test.timeout=1s"}, 2, "", "browserexec: the page hangs: it still runs after 11s"},
		{"leaves the page", []string{"-test.run=^TestLeave$"}, 2, "", "browserexec: the program has left its page for about:blank"},
		{"the shim's bridge", []string{"-test.run=^TestBridge$"}, 0, "PASS", ""},
		{"the page's console", []string{"-test.run=^TestConsole$"}, 0, "PASS", "console.warning: said to the console"},
		{"a flag that needs files", []string{"-test.cpuprofile=cpu.out"}, 2, "", "browserexec: a program in a page cannot write a profile: run it without -cpuprofile"},
		{"an unknown flag", []string{"-nonsense"}, 2, "", "flag provided but not defined: -nonsense"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cmd := command(t, engine, binary, test.args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("exit status %d, want %d", got, test.status)
			}
			if !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("standard output has\n%s\nstandard error has\n%s\nwanted in them: %q and %q", &stdout, &stderr, test.stdout, test.stderr)
			}
		})
	}

	t.Run("nothing of the output is lost", func(t *testing.T) {
		t.Parallel()
		cmd := command(t, engine, binary, "-test.run=^TestOutput$")
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		var want strings.Builder
		for i := range 2000 {
			fmt.Fprintf(&want, "line %d: grüße, 世界\n", i)
		}
		want.WriteString(strings.Repeat("x", 100000) + "the last words")
		if stdout.String() != want.String() {
			t.Errorf("%d bytes arrived, and %d were written", stdout.Len(), want.Len())
		}
		if !strings.HasPrefix(stderr.String(), "to standard error\n") {
			t.Errorf("standard error has %q", &stderr)
		}
	})

	t.Run("no such binary", func(t *testing.T) {
		cmd := command(t, engine, filepath.Join(t.TempDir(), "missing"))
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != failed || !strings.Contains(string(out), "the test binary") {
			t.Errorf("exit status %d: %s", cmd.ProcessState.ExitCode(), out)
		}
	})
}

// TestSeveralBrowsers runs a program that fails in two browsers at once. One that is missing must not hide the other's output.
func TestSeveralBrowsers(t *testing.T) {
	want, status := "it fails", 1
	if browser.Missing(browser.Firefox) != nil {
		want, status = "there is no firefox-esr", failed
	}
	cmd := command(t, "chromium,firefox", build(t), "-test.run=^TestFail$")
	out, _ := cmd.Output()
	first, second, ok := strings.Cut(string(out), "in firefox\n")
	if got := cmd.ProcessState.ExitCode(); got != status || !ok || !strings.HasPrefix(first, "in chromium\n") ||
		!strings.Contains(first, "it fails") || !strings.Contains(second, want) {
		t.Errorf("exit status %d, want %d\n%s", got, status, out)
	}
}

func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("one process cannot interrupt another on Windows")
	}
	cmd := command(t, browser.Chromium, build(t), "-test.run=^TestSleep$", "-test.v")
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("=== RUN"))
	if _, err := io.ReadFull(output, first); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != failed {
		t.Errorf("it ended with %v", err)
	}
}

// page is a page that is not there.
type page struct {
	messages []browser.Message
	err      error
}

func (p page) Address(context.Context) (string, error)            { return "", p.err }
func (p page) Console(context.Context) ([]browser.Message, error) { return p.messages, nil }

func TestCrash(t *testing.T) {
	w := &watcher{tab: page{messages: []browser.Message{{Type: browser.Crash}}}, stderr: io.Discard}
	if err := w.look(t.Context()); err == nil || !strings.Contains(err.Error(), "crashed") {
		t.Errorf("a crash returns %v", err)
	}
	w = &watcher{tab: page{err: errors.New("no page")}, stderr: io.Discard}
	var err error
	for i := 0; i < 10 && err == nil; i++ {
		err = w.look(t.Context())
	}
	if err == nil || !strings.Contains(err.Error(), "the page has gone") {
		t.Errorf("a page that has gone returns %v", err)
	}
}

// latePage has a message that arrives with the next answer.
type latePage struct{ page }

func (p *latePage) Address(context.Context) (string, error) {
	p.messages = []browser.Message{{Type: "log", Text: "the last words"}}
	return "", nil
}

func TestLastMessages(t *testing.T) {
	var stderr strings.Builder
	w := &watcher{tab: &latePage{}, stderr: &stderr}
	if err := w.listenLast(t.Context()); err != nil || stderr.String() != "console.log: the last words\n" {
		t.Errorf("standard error has %q (%v)", stderr.String(), err)
	}
}

func TestGoTest(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-v", "-run=^TestPass$", "-exec", self, "../../programs/browserexec")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "BROWSEREXEC_MAIN=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestPass") {
		t.Errorf("go test -exec: %v\n%s", err, out)
	}
}
