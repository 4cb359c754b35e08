//go:build unix

package main

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/forgego/forgego/internal/testlog"
)

// inTerminal is a forgego whose standard streams are a terminal.
type inTerminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	// slave is the terminal itself, as forgego sees it.
	slave  *os.File
	screen *testlog.Log
	ended  chan struct{}
}

// startInTerminal runs forgego dev on an app in a new terminal, and waits until it is ready.
func startInTerminal(t *testing.T, role string, variables []string, args ...string) *inTerminal {
	t.Helper()
	c := runInTerminal(t, append([]string{roleVariable + "=" + role}, variables...), append([]string{"dev", anyAddr}, args...)...)
	c.screen.Wait(t, "ready: http://127.0.0.1:")
	c.screen.Wait(t, keyHelp)
	return c
}

// runInTerminal runs forgego in a new terminal.
func runInTerminal(t *testing.T, variables []string, args ...string) *inTerminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	c := &inTerminal{t: t, master: master, slave: slave, screen: &testlog.Log{}, ended: make(chan struct{})}
	c.cmd = exec.CommandContext(t.Context(), forgego, args...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	c.cmd.Env = append(append(os.Environ(), "TERM=xterm", "NO_COLOR=", "CI="), variables...)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			if err != nil {
				return
			}
			_, _ = c.screen.Write(buffer[:n])
		}
	}()
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.ended
		slave.Close()
		master.Close()
		if t.Failed() {
			t.Logf("the terminal shows:\n%s", c.screen)
		}
	})
	return c
}

func (c *inTerminal) press(keys string) {
	c.t.Helper()
	if _, err := c.master.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// hasUsualMode reports whether the terminal has its usual mode: it reads lines and shows what is typed.
func (c *inTerminal) hasUsualMode() bool {
	c.t.Helper()
	stty := exec.Command("stty", "-a")
	stty.Stdin = c.slave
	out, err := stty.CombinedOutput()
	if err != nil {
		c.t.Fatalf("%v: %s", err, out)
	}
	words := strings.FieldsFunc(string(out), func(r rune) bool { return strings.ContainsRune(" ;\n", r) })
	return slices.Contains(words, "icanon") && slices.Contains(words, "echo")
}

func (c *inTerminal) awaitMode(usual bool) {
	c.t.Helper()
	for limit := time.Now().Add(patience); c.hasUsualMode() != usual; runtime.Gosched() {
		if time.Now().After(limit) {
			c.t.Fatalf("the terminal's mode is the usual one: %v, want %v", !usual, usual)
		}
	}
}

// wait returns the exit status.
func (c *inTerminal) wait() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		c.t.Fatal("forgego has not ended")
	}
	return c.cmd.ProcessState.ExitCode()
}

func TestKeys(t *testing.T) {
	t.Parallel()
	dir, addr := remoteApp(t)
	c := startInTerminal(t, "serves", nil, dir)
	conn := hold(t, addr)
	if c.hasUsualMode() {
		t.Error("the terminal would show the keys")
	}
	c.press("r")
	waitGone(t, conn)
	c.screen.Wait(t, "restarted in ")
	conn = hold(t, addr)
	c.press("h")
	c.screen.Wait(t, "\x1b[0m\r\n"+keyHelp+"\r\n") // a second time, after the line about the restart
	c.press("q")
	if status := c.wait(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	waitGone(t, conn)
	c.screen.Wait(t, "Stopping.\r\nforgego: stopped\r\n")
	if !c.hasUsualMode() {
		t.Error("the terminal does not show any more what is typed")
	}
}

func TestKeyOpensPage(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	opened := fakeBrowser(t, bin)
	path := []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}
	c := startInTerminal(t, "", path, "--open", makeApp(t, "manifest.yml", plainManifest, "static/index.html", page))
	for range 2 {
		if url := openedAddress(t, opened); !strings.Contains(c.screen.String(), "ready: "+url+"\r\n") {
			t.Errorf("opened %s", url)
		}
		c.press("o")
	}
	openedAddress(t, opened)
}

// However forgego ends, the terminal shows again what is typed, and no remote stays, not even one that ignores signals.
func TestTerminalIsRestored(t *testing.T) {
	for _, end := range []struct {
		name, role string
		stop       func(c *inTerminal)
		status     int
	}{
		{"q", "stubborn", func(c *inTerminal) { c.press("q") }, 0},
		{"Ctrl-C", "serves", func(c *inTerminal) { c.press("\x03") }, 0},
		{"termination", "serves", func(c *inTerminal) { _ = c.cmd.Process.Signal(syscall.SIGTERM) }, 0},
		{"a second Ctrl-C", "stubborn", func(c *inTerminal) {
			c.press("\x03")
			c.screen.Wait(c.t, "Press Ctrl-C again to kill.")
			c.awaitMode(true)
			c.press("\x03")
		}, -1},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			dir, addr := remoteApp(t)
			c := startInTerminal(t, end.role, nil, dir)
			conn := hold(t, addr)
			end.stop(c)
			waitGone(t, conn)
			if status := c.wait(); status != end.status {
				t.Errorf("exit status %d, want %d", status, end.status)
			}
			if !c.hasUsualMode() {
				t.Error("the terminal does not show any more what is typed")
			}
		})
	}
}

// Ctrl-Z stops forgego, and the shell's terminal is as usual meanwhile.
func TestSuspend(t *testing.T) {
	t.Parallel()
	c := startInTerminal(t, "", nil, makeApp(t, "manifest.yml", plainManifest, "static/index.html", page))
	c.press("\x1a")
	c.awaitMode(true)
	// The mode is the usual one just before forgego stops itself, so the first signal may come too early.
	for limit := time.Now().Add(patience); c.hasUsualMode() && time.Now().Before(limit); {
		if err := c.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
	c.awaitMode(false)
	c.press("q")
	if status := c.wait(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
}

func TestColors(t *testing.T) {
	for _, c := range []struct {
		name      string
		variables []string
		want      bool
	}{
		{"terminal", nil, true},
		{"NO_COLOR", []string{"NO_COLOR=1"}, false},
		{"dumb terminal", []string{"TERM=dumb"}, false},
		{"CI", []string{"CI=true"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir, _ := remoteApp(t)
			screen := startInTerminal(t, "serves", c.variables, dir).screen
			screen.Wait(t, "ready at http://")
			if got := strings.Contains(screen.String(), "\x1b["); got != c.want {
				t.Errorf("the terminal gets colours: %v, want %v", got, c.want)
			}
		})
	}
}
