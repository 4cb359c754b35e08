package supervise

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/testlog"
)

// role is the environment variable that selects how this test program behaves when a test runs it as a remote.
const role = "FORGEGO_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "listens":
		fmt.Println("listening on " + os.Getenv("PORT"))
		hold()
	case "ignores SIGTERM":
		signal.Ignore(syscall.SIGTERM)
		hold()
	case "does not listen":
		fmt.Println("waiting")
		time.Sleep(time.Hour) // until killed
	case "exits with 3":
		fmt.Println("reading settings")
		fmt.Fprint(os.Stderr, "no settings")
		os.Exit(3)
	case "prints NO_COLOR":
		fmt.Printf("NO_COLOR=%q\n", os.Getenv("NO_COLOR"))
	case "exits on a request":
		l, _ := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
		for {
			conn, _ := l.Accept()
			if b := make([]byte, 1); n(conn.Read(b)) > 0 {
				fmt.Println("cannot go on")
				os.Exit(4)
			}
		}
	case "exits when asked":
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM, os.Interrupt) // on Windows, Ctrl-Break is an interrupt
		go hold()
		<-asked
		fmt.Println("saved")
	case "starts another", "starts one that exits when asked": // as "go run" does
		leaveGoBuild()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), role+"=listens")
		if os.Getenv(role) == "starts one that exits when asked" {
			cmd.Env = append(os.Environ(), role+"=exits when asked")
		}
		cmd.Stdout = os.Stdout
		_ = cmd.Run()
	case "supervises": // as forgego does
		p, err := Start(Spec{
			Name: "api", Command: []string{os.Args[0]}, Addr: "127.0.0.1:" + os.Getenv("PORT"), Env: []string{role + "=starts another"},
		}, NewOutput(io.Discard))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(p.Ready(context.Background()))
		<-p.Done()
	case "starts a killer":
		p, err := Start(Spec{
			Name: "api", Command: []string{"/bin/sh", "-c", `case $GOTMPDIR in */forgego-*) kill -KILL $PPID;; esac`}, Addr: "127.0.0.1:" + os.Getenv("PORT"),
		}, NewOutput(io.Discard))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		<-p.Done()
	case "has a folder":
		dir, _, err := TempDir()
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(dir)
		killed := make(chan os.Signal, 1)
		signal.Notify(killed, os.Interrupt)
		<-killed
	default:
		playCommand(os.Getenv(role))
	}
}

func n(n int, _ error) int { return n }

// hold accepts connections and keeps them open, so that the other end notices when this process ends.
func hold() {
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			os.Exit(1)
		}
		go io.Copy(io.Discard, conn)
	}
}

func spec(t *testing.T, behaviour string) Spec {
	t.Helper()
	addr, err := FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	return Spec{Name: "tasks-api", Command: []string{os.Args[0]}, Addr: addr, Env: []string{"PORT=" + port, role + "=" + behaviour}}
}

func start(t *testing.T, behaviour string) (*Process, *testlog.Log) {
	t.Helper()
	var out testlog.Log
	p, err := Start(spec(t, behaviour), NewOutput(&out, "tasks-api"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p, &out
}

func connect(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	// Without a deadline, a failing test would hang.
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

// waitGone returns when the process at the other end has ended.
func waitGone(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the process is still running: %v", err)
	}
}

func TestProcess(t *testing.T) {
	p, out := start(t, "listens")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, p.spec.Addr)
	if err := p.Err(); err != nil {
		t.Errorf("Err of a running program = %v, want nil", err)
	}
	p.Stop()
	waitGone(t, conn)
	if err := p.Err(); err != nil {
		t.Errorf("Err after Stop = %v, want nil", err)
	}
	_, port, _ := net.SplitHostPort(p.spec.Addr)
	if want := "tasks-api │ listening on " + port + "\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
	p.Stop()
}

// TestOutputWithoutColours checks that programs are asked for plain output, unless the user has asked for colours.
func TestOutputWithoutColours(t *testing.T) {
	for forced, want := range map[string]string{"": `NO_COLOR="1"`, "1": `NO_COLOR=""`} {
		t.Setenv("NO_COLOR", "")
		t.Setenv("FORCE_COLOR", forced)
		p, out := start(t, "prints NO_COLOR")
		<-p.Done()
		if !strings.Contains(out.String(), want) {
			t.Errorf("with FORCE_COLOR=%s it printed %q, want %s", forced, out, want)
		}
	}
}

func TestStopEndsChildren(t *testing.T) {
	p, _ := start(t, "starts another")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, p.spec.Addr)
	p.Stop()
	waitGone(t, conn)
}

// Stop gives the programs that the program has started time to end, even if the program itself ends at once.
func TestStopAsksChildrenToEnd(t *testing.T) {
	if os.Getenv("WINEPREFIX") != "" && runtime.GOOS == "windows" {
		t.Skip("Wine cannot send Ctrl-Break to a group of programs; Windows can")
	}
	p, out := start(t, "starts one that exits when asked")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if want := "tasks-api │ saved\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

func TestChildrenEndWithProgram(t *testing.T) {
	p, _ := start(t, "starts another")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, p.spec.Addr)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	waitGone(t, conn)
	<-p.Done()
	if e, ok := errors.AsType[*ExitError](p.Err()); !ok || e.Status != killedStatus {
		t.Errorf("Err is %v, want an *ExitError with the status %q", p.Err(), killedStatus)
	}
}

func TestStopKillsProgramThatIgnoresSignal(t *testing.T) {
	p, _ := start(t, "ignores SIGTERM")
	p.limits.stop = 20 * time.Millisecond
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, p.spec.Addr)
	p.Stop()
	waitGone(t, conn)
}

func TestReadyProgramEnds(t *testing.T) {
	p, out := start(t, "exits with 3")
	err := p.Ready(t.Context())
	e, ok := errors.AsType[*ExitError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if want := "remote tasks-api ended: exit status 3. Its last lines:\n  reading settings\n  no settings"; e.Error() != want {
		t.Errorf("got %q, want %q", e.Error(), want)
	}
	if want := "tasks-api │ reading settings\ntasks-api │ no settings\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

func TestReadyTimeout(t *testing.T) {
	p, _ := start(t, "does not listen")
	p.limits.ready = 50 * time.Millisecond
	err := p.Ready(t.Context())
	if _, ok := errors.AsType[*NotReadyError](err); !ok || !strings.Contains(err.Error(), p.spec.Addr) || !strings.Contains(err.Error(), "PORT") {
		t.Errorf("got %v, want a *NotReadyError with the address and PORT", err)
	}
}

func TestErrorsNameKind(t *testing.T) {
	spec := Spec{Name: "java", Kind: "service", Command: []string{"./no-such-program"}, Addr: "127.0.0.1:0", PortVariable: "SERVER_PORT"}
	if _, err := Start(spec, NewOutput(io.Discard)); err == nil || !strings.HasPrefix(err.Error(), "service java: its command did not start: ") {
		t.Errorf("got %v, want an error about service java", err)
	}
	p, _ := start(t, "does not listen")
	p.spec.Kind, p.spec.PortVariable, p.limits.ready = spec.Kind, spec.PortVariable, 50*time.Millisecond
	if err := p.Ready(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "service tasks-api does not accept connections") || !strings.Contains(err.Error(), " SERVER_PORT.") {
		t.Errorf("got %v, want an error about service tasks-api and SERVER_PORT", err)
	}
}

func TestReadyCancelled(t *testing.T) {
	p, _ := start(t, "does not listen")
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if err := p.Ready(ctx); !errors.Is(err, why) {
		t.Errorf("got %v, want %v", err, why)
	}
}

func TestReadyStopped(t *testing.T) {
	p, _ := start(t, "does not listen")
	p.Stop()
	if err := p.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "was stopped") {
		t.Errorf("got %v, want an error that contains %q", err, "was stopped")
	}
}

func TestErrAfterProgramEnds(t *testing.T) {
	p, _ := start(t, "exits on a request")
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, p.spec.Addr).Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "exit status 4. Its last lines:\n  cannot go on") {
		t.Errorf("got %v, want an error that contains %q", err, "exit status 4. Its last lines:\n  cannot go on")
	}
}

func TestStartErrors(t *testing.T) {
	t.Run("no such program", func(t *testing.T) {
		s := spec(t, "")
		s.Command = []string{"forgego-no-such-program"}
		_, err := Start(s, NewOutput(io.Discard))
		if !errors.Is(err, exec.ErrNotFound) || !strings.HasPrefix(err.Error(), "remote tasks-api: its command did not start: forgego-no-such-program: ") {
			t.Errorf("got %v, want %v with the name of the program", err, exec.ErrNotFound)
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		s := spec(t, "listens")
		s.Dir = filepath.Join(t.TempDir(), "none")
		if _, err := Start(s, NewOutput(io.Discard)); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), s.Dir) {
			t.Errorf("got %v, want %v with the folder", err, os.ErrNotExist)
		}
	})
	t.Run("a file as the folder", func(t *testing.T) {
		s := spec(t, "listens")
		s.Dir = filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(s.Dir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Start(s, NewOutput(io.Discard)); !errors.Is(err, syscall.ENOTDIR) || !strings.Contains(err.Error(), "did not start: "+s.Dir+": ") {
			t.Errorf("got %v, want %v with the folder", err, syscall.ENOTDIR)
		}
	})
	t.Run("port taken", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s := spec(t, "listens")
		s.Addr = l.Addr().String()
		if _, err := Start(s, NewOutput(io.Discard)); err == nil || !strings.Contains(err.Error(), s.Addr+" is used by another program") {
			t.Errorf("got %v, want an error about the used port", err)
		}
	})
}

// killedStatus is the status of a program that os.Process.Kill has ended.
var killedStatus = map[bool]string{false: "signal: killed", true: "exit status 1"}[runtime.GOOS == "windows"]
