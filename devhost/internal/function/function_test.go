package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/testlog"
)

// newCaller returns a caller for an app that has this forgego.yml and these files, given as name, text, name, text.
func newCaller(t *testing.T, dev string, files ...string) *Caller {
	t.Helper()
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "forgego.yml", dev)
	for i := 0; i < len(files); i += 2 {
		testapp.Write(t, m.Dir, files[i], files[i+1])
	}
	return &Caller{
		Dir: m.Dir, Manifest: m, Client: http.DefaultClient, Timeout: time.Minute,
		Log: slog.New(slog.DiscardHandler), Stderr: io.Discard,
	}
}

// session returns the session of an account and a site. Empty numbers are the first's.
func session(t *testing.T, account, site string) *installation.Session {
	t.Helper()
	return sessionOf(t, testapp.Manifest(t), account, site)
}

func sessionOf(t *testing.T, m *manifest.Manifest, account, site string) *installation.Session {
	t.Helper()
	s, err := installation.New(m, "http://127.0.0.1:4000", &installation.Changes{}).Session(manifest.DevContext{}, account, site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// call calls a function and returns its output as the page reads it.
func call(t *testing.T, h *Caller, function, payload string) (out map[string]any, failed apierror.Error) {
	t.Helper()
	o, err := h.Call(t.Context(), sessionOf(t, h.Manifest, "", ""), Input{ModuleKey: "panel", Function: function, Payload: json.RawMessage(payload)})
	if err != nil {
		if known := (*apierror.Error)(nil); errors.As(err, &known) {
			return nil, *known
		}
		t.Fatal(err)
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out, apierror.Error{}
}

func TestFunctions(t *testing.T) {
	s := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
			io.WriteString(w, "stack trace for the developer")
		case "/text":
			io.WriteString(w, "hello")
		default:
			io.WriteString(w, ` {"a":1} `)
		}
	})
	h := newCaller(t, fmt.Sprintf(`functions:
  file: {file: a.json}
  url: {url: "%[1]s/ok"}
  nothing: {url: "%[1]s/nothing"}
  broken: {url: "%[1]s/broken"}
  text: {url: "%[1]s/text"}
  away: {url: "http://127.0.0.1:1/"}
`, s.URL), "a.json", " [1]\n")

	if out, failed := call(t, h, "file", "null"); out["from"] != "a.json" || len(out["result"].([]any)) != 1 {
		t.Errorf("a file: got %v, %+v", out, failed)
	}
	out, failed := call(t, h, "url", `{"n":1}`)
	if out["result"].(map[string]any)["a"] != 1.0 || out["from"] != s.URL {
		t.Errorf("a url: got %v, %+v", out, failed)
	}
	var sent struct {
		Function string `json:"functionKey"`
		Payload  any    `json:"payload"`
		Context  struct {
			ModuleKey string `json:"moduleKey"`
		} `json:"context"`
	}
	if err := json.Unmarshal([]byte(s.Body), &sent); err != nil || sent.Function != "url" || sent.Payload.(map[string]any)["n"] != 1.0 || sent.Context.ModuleKey != "panel" || s.Got.Method != "POST" {
		t.Errorf("sent %s %s, %v", s.Got.Method, s.Body, err)
	}
	if out, failed := call(t, h, "nothing", "null"); out == nil || out["result"] != nil {
		t.Errorf("an empty response: got %v, %+v", out, failed)
	}
	for _, c := range []struct{ function, code, says, detail string }{
		{"broken", "FUNCTION_FAILED", "answered 500", "stack trace for the developer"},
		{"text", "FUNCTION_FAILED", "not JSON", s.URL},
		{"away", "FUNCTION_FAILED", "could not be called", "refused"},
		{"other-one", "FUNCTIONS_UNAVAILABLE", "functions:\n  other-one:\n", ""},
		{"a: b", "FUNCTIONS_UNAVAILABLE", "functions:\n  \"a: b\":\n", ""},
	} {
		if out, failed := call(t, h, c.function, "null"); failed.Code != c.code || !strings.Contains(failed.Message, c.says) || !strings.Contains(failed.Detail, c.detail) {
			t.Errorf("%s: got %v, %+v", c.function, out, failed)
		}
	}
	if _, err := h.Call(t.Context(), session(t, "", ""), Input{ModuleKey: "no", Function: "file"}); !errors.Is(err, installation.ErrUnknownModule) {
		t.Errorf("an unknown module: got %v", err)
	}
}

// TestMain makes this program usable as the command of a function.
func TestMain(m *testing.M) {
	switch os.Getenv("FORGEGO_TEST_FUNCTION") {
	case "":
		os.Exit(m.Run())
	case "child":
		callHome()
		time.Sleep(time.Hour) // until killed
	}
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		os.Exit(3)
	}
	switch os.Args[1] {
	case "echo":
		os.Stdout.Write(in)
	case "fail":
		fmt.Fprintln(os.Stderr, "first line\nError: no such task")
		os.Exit(1)
	case "flood", "flood its errors":
		// Write without end. Only the size limit stops it before the time limit.
		to := map[string]io.Writer{"flood": os.Stdout, "flood its errors": os.Stderr}[os.Args[1]]
		for part := make([]byte, 64<<10); ; {
			to.Write(part)
		}
	case "hang":
		time.Sleep(time.Hour)
	case "leave a child", "wait for a child":
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "FORGEGO_TEST_FUNCTION=child")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			os.Exit(3)
		}
		callHome()
		fmt.Println(`"done"`)
		if os.Args[1] == "wait for a child" {
			child.Wait()
		}
	}
	os.Exit(0)
}

// callHome connects to the test and waits for its answer. The connection ends when this process does.
func callHome() {
	conn, err := net.Dial("tcp", os.Getenv("FORGEGO_TEST_HOME"))
	if err != nil {
		os.Exit(3)
	}
	home = conn
	conn.Read(make([]byte, 1))
}

var home net.Conn

func TestFunctionCommands(t *testing.T) {
	t.Setenv("FORGEGO_TEST_FUNCTION", "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dev := "functions:\n  none: {command: [forgego-no-such-program]}\n"
	for _, name := range []string{"echo", "fail", "quiet"} {
		dev += fmt.Sprintf("  %s: {command: [%q, %s]}\n", name, self, name)
	}
	h := newCaller(t, dev)
	out, failed := call(t, h, "echo", `"hi"`)
	if result, ok := out["result"].(map[string]any); !ok || result["payload"] != "hi" || result["functionKey"] != "echo" || out["from"] != self {
		t.Errorf("echo: got %v, %+v", out, failed)
	}
	if out, failed := call(t, h, "quiet", "null"); out == nil || out["result"] != nil {
		t.Errorf("quiet: got %v, %+v", out, failed)
	}
	for _, c := range []struct{ function, says, detail string }{
		{"fail", "The function fail failed: Error: no such task", "first line"},
		{"none", "no program forgego-no-such-program", ""},
	} {
		if out, failed := call(t, h, c.function, "null"); failed.Code != "FUNCTION_FAILED" || !strings.Contains(failed.Message, c.says) || !strings.Contains(failed.Detail, c.detail) {
			t.Errorf("%s: got %v, %+v", c.function, out, failed)
		}
	}
}

// commandCaller returns a caller whose functions all run this test program. terminal gets their standard error.
func commandCaller(t *testing.T, limit time.Duration, behaviour string) (h *Caller, terminal *testlog.Log) {
	t.Helper()
	t.Setenv("FORGEGO_TEST_FUNCTION", "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	terminal = &testlog.Log{}
	h = newCaller(t, fmt.Sprintf("functions:\n  \"*\": {command: [%q, %q]}\n", self, behaviour))
	h.Timeout, h.Stderr = limit, terminal
	return h, terminal
}

func TestFunctionTimeout(t *testing.T) {
	h, terminal := commandCaller(t, 50*time.Millisecond, "hang")
	if _, failed := call(t, h, "any", "null"); !strings.Contains(failed.Message, "did not answer within 50ms") {
		t.Errorf("got %+v", failed)
	}
	if want := "any │ The function did not answer within 50ms\n"; terminal.String() != want {
		t.Errorf("the terminal has %q, want %q", terminal.String(), want)
	}
}

// The app gets one line. The terminal and the panel get all lines.
func TestFailedFunctionOutput(t *testing.T) {
	h, terminal := commandCaller(t, time.Hour, "fail")
	_, failed := call(t, h, "any", "null")
	if failed.Message != "The function any failed: Error: no such task" || failed.Detail != "first line\nError: no such task\n" {
		t.Errorf("got %+v", failed)
	}
	if want := "any │ first line\nany │ Error: no such task\nany │ The function failed: Error: no such task\n"; terminal.String() != want {
		t.Errorf("the terminal has %q, want %q", terminal.String(), want)
	}
}

// A function that writes too much must not run until its time limit, and the error must say why it was stopped.
func TestFunctionOutputLimit(t *testing.T) {
	for behaviour, stream := range map[string]string{"flood": "standard output", "flood its errors": "standard error"} {
		t.Run(behaviour, func(t *testing.T) {
			h, terminal := commandCaller(t, time.Hour, behaviour)
			_, failed := call(t, h, "any", "null")
			if want := "The function any was stopped: it wrote more than 5 MB to its " + stream; failed.Message != want || len(failed.Detail) > 2*maxShown {
				t.Errorf("got %.200s, want %s, and %d bytes of detail", failed.Message, want, len(failed.Detail))
			}
			if !strings.HasSuffix(terminal.String(), "│ The function was stopped: it wrote more than 5 MB to its "+stream+"\n") {
				t.Errorf("the terminal does not show why the function was stopped; its last text is %q", terminal.String()[max(0, len(terminal.String())-200):])
			}
		})
	}
}

// acceptBoth waits for a function's program and the child that it starts, and lets both continue.
func acceptBoth(t *testing.T, l net.Listener) (both []net.Conn) {
	t.Helper()
	for range 2 {
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		both = append(both, conn)
	}
	for _, conn := range both {
		if _, err := conn.Write([]byte{1}); err != nil {
			t.Fatal(err)
		}
	}
	return both
}

func TestFunctionLeavesNoChild(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("FORGEGO_TEST_HOME", l.Addr().String())
	for _, c := range []struct{ name, behaviour, result, fails string }{
		{"time limit", "wait for a child", "", "The function any did not answer within 1h0m0s"},
		{"exits with 0", "leave a child", "\"done\"\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, _ := commandCaller(t, time.Hour, c.behaviour)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			type answer struct {
				result []byte
				err    error
			}
			answered := make(chan answer, 1)
			go func() {
				result, err := h.run(ctx, []string{os.Args[0], c.behaviour}, "any", nil)
				answered <- answer{result, err}
			}()
			both := acceptBoth(t, l)
			if c.fails != "" {
				cancel(context.DeadlineExceeded) // as the time limit does
			}
			a := <-answered
			if message := fmt.Sprint(a.err); string(a.result) != c.result || (c.fails == "") != (a.err == nil) || !strings.HasPrefix(message, c.fails) && a.err != nil {
				t.Errorf("got %q, %v", a.result, a.err)
			}
			for _, conn := range both {
				if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("a process is still running: %v", err)
				}
			}
		})
	}
}
