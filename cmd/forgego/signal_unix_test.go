//go:build unix

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func ignoreTerm() { signal.Ignore(syscall.SIGTERM) }

// stop asks forgego to stop, as a service manager does.
func (c *command) stop() error { return c.cmd.Process.Signal(syscall.SIGTERM) }

// stoppedStatus is the status of a forgego dev that was stopped.
const stoppedStatus = 0

// printSignals prints each signal. At SIGTERM it exits.
func printSignals(addr string) {
	signals := make(chan os.Signal, 10)
	signal.Notify(signals, os.Interrupt, syscall.SIGHUP, syscall.SIGTERM)
	if _, err := net.Listen("tcp", addr); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for s := range signals {
		fmt.Println("got " + s.String())
		if s == syscall.SIGTERM {
			os.Exit(0)
		}
	}
}

func TestDevStopsOnSignal(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			c := start(t, "", "dev", anyAddr, makeApp(t, "manifest.yml", plainManifest, "static/index.html", page))
			url := c.ready()
			if status, body := get(t, url); status != http.StatusOK || !strings.Contains(body, "<html") {
				t.Errorf("%s returns %d %s", url, status, body)
			}
			if err := c.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if status := c.wait(); status != 0 {
				t.Errorf("exit status %d, want 0", status)
			}
			c.noMoreOutput()
			if _, err := net.Dial("tcp", strings.Trim(url, "htp:/")); err == nil {
				t.Error("the port is still open")
			}
		})
	}
}

func TestDevSecondInterruptKills(t *testing.T) {
	t.Parallel()
	dir, addr := remoteApp(t)
	c := start(t, "stubborn", "dev", anyAddr, dir)
	c.ready()
	conn := hold(t, addr)
	for range 2 {
		if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		c.stderr.Wait(t, "Stopping. Press Ctrl-C again to kill.")
	}
	if status := c.wait(); status != -1 {
		t.Errorf("exit status %d, want -1, because the signal ended it", status)
	}
	waitGone(t, conn)
}

// Ctrl-C in a terminal sends a signal to all programs in the foreground group. The remotes are not in that group: they
// only get SIGTERM from forgego, which does not report that they end.
func TestCtrlCSendsOneSignalToRemotes(t *testing.T) {
	t.Parallel()
	dir, _ := remoteApp(t)
	c := startInGroup(t, "prints its signals", "dev", anyAddr, dir)
	c.ready()
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if status := c.wait(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	_, end, _ := strings.Cut(c.stderr.String(), "Stopping. Press Ctrl-C again to kill.\n")
	if want := "tasks-api │ got terminated\nforgego: stopped\n"; end != want {
		t.Errorf("printed %q, want %q", end, want)
	}
}

// A build that is stopped, for example because its terminal closes, reports it and leaves nothing in the temporary
// folder.
func TestStoppedBuildLeavesNoFiles(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		args   []string
		status int
	}{
		{syscall.SIGINT, []string{"build"}, 1},
		{syscall.SIGTERM, []string{"build"}, 1},
		{syscall.SIGHUP, []string{"build"}, 1},
		{syscall.SIGINT, []string{"dev", anyAddr}, 0},
	} {
		t.Run(c.args[0]+" "+c.signal.String(), func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			t.Setenv("GOTMPDIR", "")
			t.Setenv("GOCACHE", t.TempDir()) // so that there is much to compile
			command := startInGroup(t, "", append(c.args, goApp(t))...)
			awaitFile(t, filepath.Join(temp, "forgego-*", "go-build*"))
			if err := syscall.Kill(-command.cmd.Process.Pid, c.signal); err != nil {
				t.Fatal(err)
			}
			if status := command.wait(); status != c.status {
				t.Errorf("exit status %d, want %d", status, c.status)
			}
			if got, want := command.stderr.String(), "Stopping. Press Ctrl-C again to kill.\nforgego: stopped\n"; !strings.HasSuffix(got, want) {
				t.Errorf("printed %q, want the end %q", got, want)
			}
			if files, err := os.ReadDir(temp); err != nil || len(files) > 0 {
				t.Errorf("the temporary folder contains %v (%v), want nothing", files, err)
			}
		})
	}
}

// After the second Ctrl-C, forgego itself cannot remove the files any more.
func TestKilledBuildLeavesNoFiles(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("GOTMPDIR", "")
	t.Setenv("GOCACHE", t.TempDir())
	c := startInGroup(t, "", "build", goApp(t))
	awaitFile(t, filepath.Join(temp, "forgego-*", "go-build*"))
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.wait()
	for limit := time.Now().Add(patience); ; runtime.Gosched() {
		files, err := os.ReadDir(temp)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("the temporary folder still contains %v", files)
		}
	}
}

// awaitFile returns when a file that matches the pattern exists.
func awaitFile(t *testing.T, pattern string) {
	t.Helper()
	for limit := time.Now().Add(patience); ; runtime.Gosched() {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("no file matches %s", pattern)
		}
	}
}

// startInGroup runs forgego in its own process group, as an interactive shell does.
func startInGroup(t *testing.T, role string, args ...string) *command {
	t.Helper()
	// If the tests run by nohup, the hangup is ignored, and the command would inherit that. It does not inherit a handler.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangups) })
	return startWith(t, &syscall.SysProcAttr{Setpgid: true}, role, args...)
}
