package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
)

// panicText is what a page reports if main's function panics, and shownPanic what the terminal shows of it.
const (
	panicText = `The app’s program has failed.
panic: index.html has no element with the id "add-button"
	and this line is no file
goroutine 1 [running]:
github.com/forgego/forgego/internal/usercode.stack()
	github.com/forgego/forgego@v1.2.3/internal/usercode/call.go:36 +0x4
github.com/forgego/forgego/internal/usercode.Call.func1()
	github.com/forgego/forgego@v1.2.3/internal/usercode/call.go:19 +0x11
panic({0x1c980, 0x1427cf0})
	runtime/panic.go:783 +0x13
main.element[...]({0x38c5a, 0xa})
	example.com/notes/frontend/page_js.go:9 +0x13
slices.SortFunc[...]({0x1, 0x2})
	slices/sort.go:30 +0x2
example.com/notes/search.(*list).less(0x2f3e/0x1)
	example.com/notes/search/search.go:7 +0x2
github.com/forgego/forgego/wasm.Run(...)
	github.com/forgego/forgego@v1.2.3/wasm/run.go:20
main.main()
	example.com/notes/frontend/main_js.go:40 +0x2
created by github.com/forgego/forgego/internal/usercode.Go in goroutine 1
	github.com/forgego/forgego@v1.2.3/internal/usercode/usercode.go:52 +0x2
`
	shownPanic = `The app’s program has failed.
panic: index.html has no element with the id "add-button"
	and this line is no file
goroutine 1 [running]:
main.element[...]({0x38c5a, 0xa})
	example.com/notes/frontend/page_js.go:9 +0x13
example.com/notes/search.(*list).less(0x2f3e/0x1)
	example.com/notes/search/search.go:7 +0x2
main.main()
	example.com/notes/frontend/main_js.go:40 +0x2`
)

// TestScreen checks what people see of some events. A pause lets time pass between them.
func TestScreen(t *testing.T) {
	const pause devhost.EventType = "pause"
	build := func(status, text string, ms float64) devhost.Event {
		return devhost.Event{Type: devloop.EventBuild, Unit: "frontend", Name: "main", Status: status, Text: text, Milliseconds: ms}
	}
	backend := func(status, text string, ms float64) devhost.Event {
		return devhost.Event{Type: devloop.EventBackend, Unit: "remote", Name: "tasks-api", Status: status, Text: text, Milliseconds: ms}
	}
	reload := devhost.Event{Type: devloop.EventReload, Name: "main", Status: string(devhost.AppPage)}
	unseen := devhost.Event{Type: devloop.EventReload, Name: "main", Status: string(devhost.AppPage), Text: "no page is open"}
	wait := func(ms float64) devhost.Event { return devhost.Event{Type: pause, Milliseconds: ms} }
	failing := devhost.Event{Type: devhost.EventPageError, Name: "error", Text: "Error: no"}
	for _, c := range []struct {
		name   string
		events []devhost.Event
		want   string
	}{
		{"a quick build", []devhost.Event{build("started", "./frontend", 0), wait(400), build("ok", "app.wasm 1 MB", 410), reload, wait(5000)},
			"main  built in 0.41 s, app.wasm 1 MB, reloaded\n"},
		{"a second build", []devhost.Event{build("ok", "app.wasm 1 MB", 410), reload, build("started", "./frontend", 0), build("ok", "app.wasm 1 MB", 50), reload},
			"main  built in 0.41 s, app.wasm 1 MB, reloaded\nmain  built in 50 ms, reloaded\n"},
		{"a build while no page is open", []devhost.Event{build("ok", "app.wasm 1 MB", 410), unseen, wait(5000)}, "main  built in 0.41 s, app.wasm 1 MB\n"},
		{"a change while no page is open", []devhost.Event{unseen}, ""},
		{"a slow build", []devhost.Event{build("started", "./frontend", 0), wait(1500), build("ok", "nothing changed", 1500), wait(200)},
			"main  building ./frontend\nmain  built in 1.50 s, nothing changed\n"},
		{"a build that fails", []devhost.Event{build("started", "./frontend", 0), build("failed", "a.go:1:2: no\n", 100), wait(5000)},
			"main  does not build\na.go:1:2: no\n"},
		{"a canceled build", []devhost.Event{build("started", "./frontend", 0), build("canceled", "", 10), wait(5000)}, ""},
		{"a backend", []devhost.Event{backend("starting", "go run ./remote", 0), wait(20), backend("ready", "http://127.0.0.1:1", 20), backend("starting", "", 0), backend("ready", "http://127.0.0.1:1", 30)},
			"tasks-api  ready at http://127.0.0.1:1 in 20 ms\ntasks-api  restarted in 30 ms\n"},
		{"a slow backend", []devhost.Event{backend("starting", "node a.js", 0), wait(2000), backend("failed", "it ended", 0)},
			"tasks-api  starting node a.js\ntasks-api  it ended\n"},
		{"style sheets", []devhost.Event{{Type: devloop.EventReload, Name: "main", Status: string(devhost.StyleSheets)}}, "main  style sheets exchanged\n"},
		{"a tunnel", []devhost.Event{{Type: devhost.EventTunnel, Unit: "resource", Name: "main", Status: "ok", Text: "shown by the server on port 5173"}}, "main  shown by the server on port 5173\n"},
		{"names in a column", []devhost.Event{backend("stopped", "", 0), {Type: devloop.EventLog, Text: "hello"}}, "tasks-api  stopped\nforgego    hello\n"},
		{"a repeated error", []devhost.Event{failing, failing, failing, wait(1100), failing, wait(1900), failing, wait(10_000)},
			"page  Error: no\npage  2 more times: Error: no\npage  once more: Error: no\npage  once more: Error: no\n"},
		{"a long request", []devhost.Event{{Type: devhost.EventRequest, Unit: "remote", Name: "a", Status: "failed", Request: "GET /" + strings.Repeat("x", 100), Text: "down"}},
			"a  GET /" + strings.Repeat("x", 54) + "…: down\n"},
		{"a request that succeeds", []devhost.Event{{Type: devhost.EventRequest, Unit: "remote", Name: "a", Status: "200"}}, ""},
		{"a page's lines", []devhost.Event{{Type: devhost.EventPageError, Text: "x\r\nready: http://evil.example\ny\rz"}}, "page  x\n    ready: http://evil.example\n    y\ufffdz\n"},
		{"a panic", []devhost.Event{{Type: devhost.EventPageError, Name: "console.error", Text: panicText}}, "page  " + strings.ReplaceAll(shownPanic, "\n", "\n    ") + "\n"},
		{"a panic without frames of the app", []devhost.Event{{Type: devhost.EventPageError, Name: "panic", Text: "fatal error: no memory\n\nruntime.throw()\n\truntime/panic.go:1 +0x1"}},
			"page  fatal error: no memory\n    \n    runtime.throw()\n    \truntime/panic.go:1 +0x1\n"},
		{"control characters", []devhost.Event{{Type: devhost.EventPageError, Text: "a\x1b[2Jb"}}, "page  a\ufffd[2Jb\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				s := newScreen(newConsole(&out, &out), false, nil)
				for _, e := range c.events {
					if e.Type == pause {
						time.Sleep(time.Duration(e.Milliseconds) * time.Millisecond) // of the bubble's clock
						synctest.Wait()
						continue
					}
					s.print(e)
				}
				s.close()
				got := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d  `).ReplaceAllString(out.String(), "")
				if got != c.want {
					t.Errorf("printed\n%s\nwant\n%s", got, c.want)
				}
				s.print(devhost.Event{Type: devloop.EventLog, Text: "late"})
				if strings.Contains(out.String(), "late") {
					t.Error("a line follows the end")
				}
				time.Sleep(2 * lastRepeatDelay) // The timers end.
			})
		})
	}
}

func TestFirstFree(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, text, _ := net.SplitHostPort(taken.Addr().String())
	port, _ := strconv.Atoi(text)
	var tried []string
	try := func(addr string) error {
		tried = append(tried, addr)
		if len(tried) > 1 {
			return nil
		}
		l, err := net.Listen("tcp", addr)
		if err == nil {
			l.Close()
		}
		return err
	}
	if addr, err := firstFree(port, port+2, try); err != nil || addr != localAddr(port+2) || len(tried) != 2 {
		t.Errorf("got %s (%v) after %v", addr, err, tried)
	}
	tried = nil
	if _, err := firstFree(port, port, try); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("the ports %d to %d are in use", port, port)) {
		t.Errorf("all in use: got %v", err)
	}
	broken := errors.New("broken")
	if _, err := firstFree(port, port+2, func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("another error: got %v", err)
	}
}
