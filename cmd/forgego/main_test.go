// The tests run the real command, built once, on apps in temporary folders. They start this test program again as the
// app's remote. Nothing waits longer than patience, and nothing sleeps.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/testlog"
)

const patience = time.Minute

var forgego string

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		playRemote(role)
		return
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "forgego-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	// What forgego keeps in the user's cache goes with the folder. The go command keeps its own cache.
	if cache, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		os.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
		os.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	}
	forgego = filepath.Join(dir, "forgego.exe")
	if out, err := exec.Command("go", "build", "-o", forgego, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

const plainManifest = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Tasks
      resource: main
resources:
  - key: main
    path: static
`

const fullManifest = plainManifest + `remotes:
  - key: tasks-api
    baseUrl: https://tasks.example.com
permissions:
  content:
    scripts:
      - unsafe-eval
`

// makeApp makes an app's folder. files are pairs of name and text. There is always a page.
func makeApp(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(dir, files[i]), files[i+1])
	}
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const page = "<!doctype html><html lang=en><head><title>Plain</title></head><body>plain</body></html>"

// fakeBrowser puts a program that takes the browser's place into a folder of PATH. It returns the file that will have the
// address.
func fakeBrowser(t *testing.T, bin string) (opened string) {
	t.Helper()
	name := "xdg-open"
	if runtime.GOOS == "darwin" {
		name = "open"
	}
	opened = filepath.Join(bin, "opened")
	write(t, filepath.Join(bin, name), "#!/bin/sh\nPATH=/bin:/usr/bin\nprintf %s \"$1\" > '"+opened+".new'\nmv '"+opened+".new' '"+opened+"'\n")
	if err := os.Chmod(filepath.Join(bin, name), 0o755); err != nil {
		t.Fatal(err)
	}
	return opened
}

// openedAddress waits until the fake browser was started, and returns the address that it got.
func openedAddress(t *testing.T, opened string) string {
	t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); runtime.Gosched() {
		if address, err := os.ReadFile(opened); err == nil {
			if err := os.Remove(opened); err != nil {
				t.Fatal(err)
			}
			return string(address)
		}
	}
	t.Fatal("the browser was not started")
	return ""
}

// command is a running forgego.
type command struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr *testlog.Log
	ended  chan struct{}
}

// start runs forgego. role, if not empty, says how its remotes behave.
func start(t *testing.T, role string, args ...string) *command {
	t.Helper()
	return startWith(t, nil, role, args...)
}

func startWith(t *testing.T, attributes *syscall.SysProcAttr, role string, args ...string) *command {
	t.Helper()
	if args[0] == "dev" && !strings.Contains(strings.Join(args, " "), "--addr") {
		t.Fatal("forgego dev would listen on its default port, which may be in use: pass anyAddr")
	}
	c := &command{t: t, cmd: exec.CommandContext(t.Context(), forgego, args...), stderr: &testlog.Log{}, ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), roleVariable+"="+role)
	c.cmd.Stderr = c.stderr
	c.cmd.SysProcAttr = attributes
	c.cmd.WaitDelay = 10 * time.Second
	out, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	c.stdout, c.cmd.Stdout = bufio.NewReader(out), w
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	go func() {
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = c.stop()
		c.wait()
		if t.Failed() {
			t.Logf("forgego %s printed:\n%s", strings.Join(args, " "), c.stderr)
		}
	})
	return c
}

// wait returns the exit status.
func (c *command) wait() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(patience):
		_ = c.cmd.Process.Kill()
		c.t.Fatalf("forgego has not ended after %v; it printed:\n%s", patience, c.stderr)
	}
	return c.cmd.ProcessState.ExitCode()
}

// ready returns the URL of the line "ready: URL", for which scripts wait.
func (c *command) ready() string {
	c.t.Helper()
	line, err := c.stdout.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "ready: ")
	if err != nil || !ok || !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/") {
		c.wait()
		c.t.Fatalf("the first line of stdout is %q (%v), want ready: URL; stderr:\n%s", line, err, c.stderr)
	}
	return url
}

// noMoreOutput checks that the ready line was the only one.
func (c *command) noMoreOutput() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.stdout); err != nil || len(rest) > 0 {
		c.t.Errorf("stdout has more output: %q (%v)", rest, err)
	}
}

// fails runs forgego, which must end with this status, and returns what it printed.
func fails(t *testing.T, status int, role string, args ...string) string {
	t.Helper()
	c := start(t, role, args...)
	if got := c.wait(); got != status {
		t.Errorf("exit status %d, want %d", got, status)
	}
	c.noMoreOutput()
	text := c.stderr.String()
	for _, bad := range []string{"goroutine ", "panic:", "%!"} {
		if strings.Contains(text, bad) {
			t.Errorf("the output contains %q, which is not for users:\n%s", bad, text)
		}
	}
	return text
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	client := http.Client{Timeout: patience}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// hold connects to a remote; the connection ends when the remote's process does.
func hold(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func waitGone(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the remote is still running: %v", err)
	}
}

// roleVariable is the environment variable that selects how this test program behaves as a remote.
const roleVariable = "FORGEGO_TEST_ROLE"

func playRemote(role string) {
	addr := "127.0.0.1:" + os.Getenv("PORT")
	switch role {
	case "exits 3":
		fmt.Println("reading settings")
		fmt.Fprintln(os.Stderr, "no database")
		os.Exit(3)
	case "serves", "stubborn":
		if role == "stubborn" {
			ignoreTerm()
		}
		// Like a verifier that fetches its keys at start.
		resp, err := http.Get(os.Getenv("FORGE_JWKS_URL"))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		keys, _ := io.ReadAll(resp.Body)
		folder, _ := os.Getwd()
		http.HandleFunc("/environment", func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]string{
				"app": os.Getenv("FORGE_APP_ID"), "origins": os.Getenv("FORGE_ALLOWED_ORIGINS"),
				"url": os.Getenv("FORGE_REMOTE_URL"), "addr": net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")),
				"keys": string(keys), "folder": folder, "own": os.Getenv(roleVariable),
			})
		})
		http.HandleFunc("/die", func(http.ResponseWriter, *http.Request) {
			fmt.Println("out of memory")
			os.Exit(4)
		})
		fmt.Println(http.ListenAndServe(addr, nil))
	case "prints its signals":
		printSignals(addr)
	case "is a service":
		http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, os.Getenv("FORGE_APP_ARI"), " ", os.Getenv("FORGE_SERVICE_KEY"), os.Getenv("PORT"))
		})
		http.HandleFunc("/die", func(http.ResponseWriter, *http.Request) { os.Exit(4) })
		fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("SERVER_PORT"), nil))
	case "starts another": // as "go run" does
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleVariable+"=serves")
		cmd.Stdout = os.Stdout
		fmt.Println(cmd.Run())
	}
}

// A file in place of the app's folder is one error, although two files are read there.
func TestFileInPlaceOfFolder(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"dev", anyAddr}, {"mcp", anyAddr}, {"build"}, {"tunnel"}, {"module", "--out", t.TempDir()}, {"types"}} {
		c := start(t, "", append(args, "main_test.go")...)
		if status := c.wait(); status != 1 || strings.Count(c.stderr.String(), "main_test.go") != 1 || strings.Contains(c.stderr.String(), "bin/go") {
			t.Errorf("%s: exit status %d, output:\n%s\nwant 1 and one error about the file", args[0], status, c.stderr)
		}
	}
}
