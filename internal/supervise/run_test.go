package supervise

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/testlog"
)

// playCommand makes this test program behave as the program of a Command.
func playCommand(behaviour string) {
	switch behaviour {
	case "echoes":
		fmt.Fprint(os.Stderr, "reading")
		_, _ = io.Copy(os.Stdout, os.Stdin)
	case "fails":
		fmt.Fprintln(os.Stderr, "no luck")
		os.Exit(3)
	case "floods its output", "floods its errors", "floods and ends":
		to := os.Stdout
		if behaviour == "floods its errors" {
			to = os.Stderr
		}
		part := bytes.Repeat([]byte("x"), 64<<10)
		for i := 0; behaviour != "floods and ends" || i*len(part) <= maxOutput; i++ {
			_, _ = to.Write(part)
		}
	case "leaves a child", "waits for a child":
		leaveGoBuild()
		// The child inherits this program's open files.
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), role+"=child")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		callHome()
		if behaviour == "waits for a child" {
			_ = cmd.Wait()
		}
	case "child":
		callHome()
		time.Sleep(time.Hour) // until killed
	case "runs a command": // as forgego does
		c := Command{Args: []string{os.Args[0]}, Env: append(os.Environ(), role+"=waits for a child"), Temp: os.Getenv("FORGEGO_TEST_TEMP")}
		_, _, _ = c.Run(context.Background())
	default:
		panic("unknown behaviour " + behaviour)
	}
}

var held []net.Conn

// callHome connects to the test, keeps the connection open, and returns when the test has answered.
func callHome() {
	conn, err := net.Dial("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, _ = conn.Read(make([]byte, 1))
	held = append(held, conn)
}

// home accepts the connections of a Command's programs.
type home struct {
	t *testing.T
	l net.Listener
}

// newCommand returns this test program as a Command with this behaviour.
func newCommand(t *testing.T, behaviour string) (Command, home) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return Command{Args: []string{os.Args[0]}, Env: append(os.Environ(), role+"="+behaviour, "PORT="+port)}, home{t, l}
}

// await waits for a program and its child, and lets both continue.
func (h home) await() (both []net.Conn) {
	h.t.Helper()
	for range 2 {
		conn, err := h.l.Accept()
		if err != nil {
			h.t.Fatal(err)
		}
		h.t.Cleanup(func() { conn.Close() })
		if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			h.t.Fatal(err)
		}
		both = append(both, conn)
	}
	for _, conn := range both {
		if _, err := conn.Write([]byte{1}); err != nil {
			h.t.Fatal(err)
		}
	}
	return both
}

func TestCommand(t *testing.T) {
	c, _ := newCommand(t, "echoes")
	var seen testlog.Log
	c.Input, c.Errors = []byte("hello"), &seen
	stdout, stderr, err := c.Run(t.Context())
	if err != nil || string(stdout) != "hello" || string(stderr) != "reading" || seen.String() != "reading" {
		t.Errorf("got %q, %q, %v; seen %q", stdout, stderr, err, seen.String())
	}
}

func TestCommandErrors(t *testing.T) {
	c, _ := newCommand(t, "fails")
	_, stderr, err := c.Run(t.Context())
	if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.ExitCode() != 3 || string(stderr) != "no luck\n" {
		t.Errorf("got %v, %q", err, stderr)
	}
	c.Args = []string{"forgego-no-such-program"}
	if _, _, err := c.Run(t.Context()); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("no such program: got %v", err)
	}
	c.Args, c.Dir = []string{os.Args[0]}, filepath.Join(t.TempDir(), "none")
	if _, _, err := c.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such folder: got %v", err)
	}
}

// The limit applies to each output separately. A program that exceeds it is killed.
func TestCommandOutputLimit(t *testing.T) {
	for behaviour, stream := range map[string]string{
		"floods its output": "standard output", "floods its errors": "standard error", "floods and ends": "standard output",
	} {
		t.Run(behaviour, func(t *testing.T) {
			c, _ := newCommand(t, behaviour)
			stdout, stderr, err := c.Run(t.Context())
			if e, ok := errors.AsType[*FloodError](err); !ok || e.Stream != stream {
				t.Errorf("got %v, want a *FloodError of %s", err, stream)
			}
			if kept := len(stdout) + len(stderr); kept != maxOutput {
				t.Errorf("kept %d bytes, want %d", kept, maxOutput)
			}
		})
	}
}

// A shell's "server &" leaves a child that keeps the program's output and input open.
func TestCommandEndsChildLeftBehind(t *testing.T) {
	c, home := newCommand(t, "leaves a child")
	c.Input = bytes.Repeat([]byte("x"), 1<<20) // more than a pipe holds; the program does not read it
	failed := make(chan error, 1)
	go func() {
		_, _, err := c.Run(t.Context())
		failed <- err
	}()
	both := home.await()
	if err := <-failed; err != nil {
		t.Errorf("Run returned %v, want no error", err)
	}
	for _, conn := range both {
		waitGone(t, conn)
	}
}

func TestCancelledCommandLeavesNoChild(t *testing.T) {
	c, home := newCommand(t, "waits for a child")
	late := errors.New("time is over")
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, _, err := c.Run(ctx)
		failed <- err
	}()
	both := home.await()
	cancel(late)
	if err := <-failed; !errors.Is(err, late) {
		t.Errorf("got %v, want %v", err, late)
	}
	for _, conn := range both {
		waitGone(t, conn)
	}
	if _, _, err := c.Run(ctx); !errors.Is(err, late) {
		t.Errorf("Run with an ended context: got %v, want %v", err, late)
	}
}

// Even if this process gets SIGKILL, which it cannot handle, the command ends and its temporary folder is removed.
func TestKilledParentLeavesNoCommand(t *testing.T) {
	c, home := newCommand(t, "runs a command")
	temp := filepath.Join(t.TempDir(), "work")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(c.Args[0])
	parent.Env = append(c.Env, "FORGEGO_TEST_TEMP="+temp)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	both := home.await()
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for _, conn := range both {
		waitGone(t, conn)
	}
	t.Run("the folder is removed", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("on Windows no process outlives the parent, so nothing removes the folder")
		}
		awaitRemoved(t, temp)
	})
}

func awaitRemoved(t *testing.T, dir string) {
	t.Helper()
	for limit := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		if time.Now().After(limit) {
			t.Fatal("the temporary folder still exists after 30 s")
		}
	}
}
