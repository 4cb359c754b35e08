package devloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
)

// patience limits each wait, so that a test that fails does not hang.
const patience = 2 * time.Minute

const (
	goMod = "module example.com/app\n\ngo 1.26.0\n"
	// onlyFrontend is a forgego.yml without a backend.
	onlyFrontend = "frontends:\n  main:\n    package: ./frontend\n"
	// onlyBackend is a forgego.yml without a front end.
	onlyBackend  = "remotes:\n  api:\n    command: [go, run, ./backend]\n"
	manifestText = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Before
      resource: main
resources:
  - key: main
    path: static
remotes:
  - key: api
    baseUrl: https://api.example.com
permissions:
  content:
    scripts:
      - unsafe-eval
`
	devText = `frontends:
  main:
    package: ./frontend
remotes:
  api:
    command: [go, run, ./backend]
`
	frontendText = "package main\n\nimport \"example.com/app/words\"\n\nfunc main() { println(words.Hello) }\n"
	wordsText    = "package words\n\nconst Hello = \"first words\"\n"
	backendText  = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "first answer") })
	http.HandleFunc("/origins", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getenv("FORGE_ALLOWED_ORIGINS")) })
	http.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("out of order") })
	http.HandleFunc("/stream", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n\n")
	})
	http.HandleFunc("/exit", func(http.ResponseWriter, *http.Request) { fmt.Println("out of luck"); os.Exit(3) })
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
`
)

// backendThat returns a small backend that answers with a text. It runs some code before it listens.
func backendThat(first, answer string) string {
	return `package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

var _, _, _ = fmt.Sprint, signal.Ignore, syscall.SIGTERM

func main() {
	` + first + `
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer c.Close()
			if n, _ := c.Read(make([]byte, 4096)); n > 0 {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
			}
		}()
	}
}

const answer = "` + answer + `"
`
}

// running is a loop that runs until the test ends.
type running struct {
	*Loop
	t   *testing.T
	dir string

	mu     sync.Mutex
	events []devhost.Event
	more   chan struct{}
	// progress receives after each event that is not about a request.
	progress chan struct{}
	end      func()
	// seen counts the events that waitFor has looked at.
	seen int
	// hear gets each event before the loop goes on, if it is set.
	hear func(devhost.Event)
}

// run runs a loop on an app. files replace or add files of it: pairs of name and text.
func run(t *testing.T, files ...string) *running {
	t.Helper()
	r := newApp(t, files...)
	r.run(Options{})
	return r
}

// newApp writes the files of an app.
func newApp(t *testing.T, files ...string) *running {
	t.Helper()
	r := &running{t: t, dir: t.TempDir(), more: make(chan struct{}, 1), progress: make(chan struct{}, 1)}
	for name, text := range map[string]string{
		"manifest.yml": manifestText, "forgego.yml": devText, "go.mod": goMod,
		"frontend/main.go": frontendText, "words/words.go": wordsText, "backend/main.go": backendText,
		"static/index.html": "<!doctype html><title>App</title>", "static/style.css": "body {}",
	} {
		r.write(name, text)
	}
	for i := 0; i < len(files); i += 2 {
		r.write(files[i], files[i+1])
	}
	return r
}

// run runs a loop on the app until the test ends. prepare may change it before.
func (r *running) run(o Options, prepare ...func(*Loop)) {
	r.t.Helper()
	o.Dir, o.Report = r.dir, r.record
	var err error
	if r.Loop, err = New(o); err != nil {
		r.t.Fatal(err)
	}
	r.problems.show = func(all []devhost.Problem) {
		r.Host().SetProblems(all)
		signal(r.more)
		signal(r.progress)
	}
	for _, change := range prepare {
		change(r.Loop)
	}
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			r.t.Errorf("Run: %v", err)
		}
	})
	r.t.Cleanup(func() {
		r.end()
		if r.t.Failed() {
			for _, e := range r.events {
				r.t.Logf("%s %s %s %q", e.Type, e.Name, e.Status, e.Text)
			}
		}
	})
}

func (r *running) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	// Many editors save by rename.
	temp := filepath.Join(filepath.Dir(path), ".saving")
	err := os.WriteFile(temp, []byte(text), 0o644)
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *running) record(e devhost.Event) {
	if r.hear != nil {
		r.hear(e)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	signal(r.more)
	if e.Type != devhost.EventRequest {
		signal(r.progress)
	}
}

// skip makes the next wait look only at events after this call.
func (r *running) skip() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = len(r.events)
}

// remove removes files or folders. A build may write into a folder meanwhile.
func (r *running) remove(names ...string) {
	r.t.Helper()
	for _, name := range names {
		err := os.RemoveAll(filepath.Join(r.dir, filepath.FromSlash(name)))
		for limit := time.Now().Add(patience); errors.Is(err, syscall.ENOTEMPTY) && time.Now().Before(limit); runtime.Gosched() {
			err = os.RemoveAll(filepath.Join(r.dir, filepath.FromSlash(name)))
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// until waits until is holds. It looks again after each event.
func (r *running) until(what string, is func() bool) {
	r.t.Helper()
	for limit := time.After(patience); !is(); {
		select {
		case <-r.progress:
		case <-limit:
			r.t.Fatalf("this does not become true: %s; the problems are %+v", what, r.Problems())
		}
	}
}

// untilProgram waits until the program of a resource contains a text.
func (r *running) untilProgram(resource, text string) {
	r.t.Helper()
	url := r.Host().AppURL() + resource + "/" + bundle.Program
	r.until(resource+" has the program with "+text, func() bool { return strings.Contains(r.get(url), text) })
}

// untilProblem waits for a problem whose title or text contains a text.
func (r *running) untilProblem(id, text string) {
	r.t.Helper()
	r.until("a problem of "+id+" with "+text, func() bool {
		p := r.problems.get(id)
		for _, at := range p.Places {
			p.Text += fmt.Sprintf("%s:%d: %s", at.File, at.Line, at.Message)
		}
		return strings.Contains(p.Title+p.Text, text)
	})
}

func (r *running) recorded() []devhost.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events
}

// waitFor waits for an event after those that were waited for before, and returns it.
func (r *running) waitFor(kind devhost.EventType, name, status string) devhost.Event {
	r.t.Helper()
	return r.wait(fmt.Sprint(kind, " ", name, " ", status), func(e devhost.Event) bool { return e.Type == kind && e.Name == name && e.Status == status })
}

// waitForRequest waits for an event about a request.
func (r *running) waitForRequest(request string) devhost.Event {
	r.t.Helper()
	return r.wait(request, func(e devhost.Event) bool { return e.Type == devhost.EventRequest && e.Request == request })
}

func (r *running) wait(what string, matches func(devhost.Event) bool) devhost.Event {
	r.t.Helper()
	limit := time.After(patience)
	for {
		r.mu.Lock()
		for r.seen < len(r.events) {
			e := r.events[r.seen]
			r.seen++
			if matches(e) {
				r.mu.Unlock()
				return e
			}
		}
		r.mu.Unlock()
		select {
		case <-r.more:
		case <-limit:
			r.t.Fatalf("there is no event %s", what)
		}
	}
}

// get returns what a server answers. The headers are name, value, name, value.
func (r *running) get(url string, headers ...string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return "error: " + err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}

// backendURL returns the base URL of the backend.
func (r *running) backendURL() string { return r.Host().RemoteURL("api") }

// answers checks what the backend answers.
func (r *running) answers(want string) {
	r.t.Helper()
	if got := r.get(r.backendURL()); got != want {
		r.t.Errorf("the backend answers %q, want %q", got, want)
	}
}

// waitForNoProblems waits until nothing must be corrected.
func (r *running) waitForNoProblems() {
	r.t.Helper()
	r.until("there are no problems", func() bool { return len(r.Problems()) == 0 })
}

// builds counts the builds that have begun, by unit.
func (r *running) builds() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := map[string]int{}
	for _, e := range r.events {
		if e.Type == EventBuild && e.Status == "started" {
			counts[e.Name]++
		}
	}
	return counts
}

// quiet waits until no unit builds.
func (r *running) quiet() {
	r.t.Helper()
	r.until("no unit builds", func() bool {
		open := map[string]bool{}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, e := range r.events {
			switch {
			case e.Type == EventBuild:
				open[e.Name] = e.Status == "started" || e.Unit != "frontend" && e.Status == "ok"
			case e.Type == EventBackend && e.Status != "starting":
				open[e.Name] = false
			}
		}
		for _, is := range open {
			if is {
				return false
			}
		}
		return true
	})
}

func TestAddress(t *testing.T) {
	for base, want := range map[string]string{
		"http://127.0.0.1:8080/api": "127.0.0.1:8080",
		"http://localhost":          "localhost:80",
		"http://[::1]":              "[::1]:80",
		"http://[::1]:80/x":         "[::1]:80",
		"http://[::1]:8080":         "[::1]:8080",
	} {
		if got := address(base); got != want {
			t.Errorf("%s: got %s, want %s", base, got, want)
		}
	}
}
