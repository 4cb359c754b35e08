package devloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
)

// patience limits each wait, so that a test that fails does not hang.
const patience = 2 * time.Minute

const (
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
}

// run runs a loop on an app. files replace or add files of it: pairs of name and text.
func run(t *testing.T, files ...string) *running {
	t.Helper()
	r := &running{t: t, dir: t.TempDir(), more: make(chan struct{}, 1), progress: make(chan struct{}, 1)}
	for name, text := range map[string]string{
		"manifest.yml": manifestText, "forgego.yml": devText, "go.mod": "module example.com/app\n\ngo 1.26.0\n",
		"frontend/main.go": frontendText, "words/words.go": wordsText, "backend/main.go": backendText,
		"static/index.html": "<!doctype html><title>App</title>", "static/style.css": "body {}",
	} {
		r.write(name, text)
	}
	for i := 0; i < len(files); i += 2 {
		r.write(files[i], files[i+1])
	}
	var err error
	r.Loop, err = New(Options{Dir: r.dir, Report: r.record})
	if err != nil {
		t.Fatal(err)
	}
	r.problems.show = func(all []devhost.Problem) {
		r.Host().SetProblems(all)
		signal(r.more)
		signal(r.progress)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(func() {
		r.end()
		if t.Failed() {
			for _, e := range r.events {
				t.Logf("%s %s %s %q", e.Type, e.Name, e.Status, e.Text)
			}
		}
	})
	return r
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

// remove removes files or folders.
func (r *running) remove(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(r.dir, filepath.FromSlash(name))); err != nil {
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
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, url, nil)
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

// waitForNoProblems waits until nothing must be corrected.
func (r *running) waitForNoProblems() {
	r.t.Helper()
	r.until("there are no problems", func() bool { return len(r.Problems()) == 0 })
}

func TestLoop(t *testing.T) {
	t.Parallel()
	r := run(t)
	r.waitFor(EventReady, "", "")
	if problems := r.Problems(); len(problems) > 0 {
		t.Fatalf("at the start: %+v", problems)
	}
	if got := r.get(r.backendURL()); got != "first answer" {
		t.Fatalf("the backend answers %q", got)
	}
	program := r.Host().AppURL() + "main/app.wasm"
	if !strings.Contains(r.get(program), "first words") {
		t.Fatal("the program was not built")
	}

	t.Run("style sheet", func(t *testing.T) {
		r.write("static/style.css", "body { color: red }")
		r.waitFor(EventReload, "main", string(devhost.StyleSheets))
	})
	t.Run("page", func(t *testing.T) {
		r.write("static/index.html", "<!doctype html><title>New</title>")
		r.waitFor(EventReload, "main", string(devhost.AppPage))
	})
	t.Run("new folder", func(t *testing.T) {
		r.write("static/pictures/a.svg", "<svg/>")
		r.waitFor(EventReload, "main", string(devhost.AppPage))
	})
	t.Run("package that the front end imports", func(t *testing.T) {
		r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
		r.waitFor(EventBuild, "main", "ok")
		r.waitFor(EventReload, "main", string(devhost.AppPage))
		if !strings.Contains(r.get(program), "second words") {
			t.Error("the page gets the old program")
		}
	})
	t.Run("compile error", func(t *testing.T) {
		r.write("frontend/main.go", strings.Replace(frontendText, "words.Hello", "words.Helo", 1))
		r.waitFor(EventBuild, "main", "failed")
		problems := r.Problems()
		if len(problems) != 1 || len(problems[0].Places) != 1 || problems[0].Places[0].Line != 5 || !strings.Contains(problems[0].Places[0].Source, "words.Helo") {
			t.Errorf("got %+v", problems)
		}
		if !strings.Contains(r.get(program), "second words") {
			t.Error("the old program is gone")
		}
		r.write("frontend/main.go", frontendText)
		r.waitFor(EventBuild, "main", "ok")
		r.waitForNoProblems()
	})
	t.Run("import of a new package", func(t *testing.T) {
		r.write("more/more.go", "package more\n\nconst Text = \"more, first\"\n")
		r.write("words/words.go", "package words\n\nimport \"example.com/app/more\"\n\nconst Hello = more.Text\n")
		for !strings.Contains(r.get(program), "more, first") {
			r.waitFor(EventBuild, "main", "ok")
		}
		// The new package may not be watched yet.
		r.write("more/more.go", "package more\n\nconst Text = \"more, second\"\n")
		for !strings.Contains(r.get(program), "more, second") {
			r.waitFor(EventBuild, "main", "ok")
		}
	})
	t.Run("backend", func(t *testing.T) {
		url := r.backendURL()
		stop := make(chan struct{})
		failed := make(chan string, 1)
		go func() {
			defer close(failed)
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := r.get(url); got != "first answer" && got != "second answer" {
					failed <- got
					return
				}
			}
		}()
		r.write("backend/main.go", strings.Replace(backendText, "first", "second", 1))
		r.waitFor(EventBackend, "api", "ready")
		close(stop)
		if got := <-failed; got != "" {
			t.Errorf("a request during the restart got %q", got)
		}
		if r.backendURL() != url || r.get(url) != "second answer" {
			t.Errorf("%s answers %q", r.backendURL(), r.get(url))
		}
	})
	t.Run("backend that does not build", func(t *testing.T) {
		r.write("backend/main.go", backendText+"oops\n")
		r.waitFor(EventBuild, "api", "failed")
		if got := r.get(r.backendURL()); got != "second answer" {
			t.Errorf("the old backend answers %q", got)
		}
		r.write("backend/main.go", backendText)
		r.waitFor(EventBackend, "api", "ready")
		r.waitForNoProblems()
	})
	t.Run("backend that ends", func(t *testing.T) {
		r.get(r.backendURL() + "/exit")
		r.waitFor(EventBackend, "api", "failed")
		if p := r.Problems(); len(p) != 1 || p[0].Title != "remote api ended: exit status 3" || p[0].Text != "out of luck" {
			t.Errorf("got %+v", p)
		}
		r.write("backend/main.go", strings.Replace(backendText, "first", "third", 1))
		r.waitFor(EventBackend, "api", "ready")
		r.waitForNoProblems()
		if got := r.get(r.backendURL()); got != "third answer" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("request", func(t *testing.T) {
		r.get(r.backendURL() + "/tasks?q=secret")
		e := r.waitForRequest("GET /tasks?q=…")
		if e.Status != "200" || e.Name != "api" || e.Remote != "api" || e.Number == 0 || e.Text != "12 bytes received" {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("request that the page's browser will refuse", func(t *testing.T) {
		r.get(r.backendURL()+"/refused", "Origin", "http://page.example")
		e := r.waitForRequest("GET /refused")
		if e.Status != "failed" || e.Origin != "http://page.example" || !strings.Contains(e.Text, "does not allow http://page.example to read its answers") {
			t.Errorf("got %+v", e)
		}
		// Only once, although the relay reports the beginning and the end of the answer.
		r.get(r.backendURL() + "/next")
		if e := r.wait("a request", func(e devhost.Event) bool { return e.Type == devhost.EventRequest }); e.Request != "GET /next" {
			t.Errorf("then came %+v", e)
		}
	})
	t.Run("request to a handler that panics", func(t *testing.T) {
		r.get(r.backendURL() + "/panic")
		if e := r.waitForRequest("GET /panic"); e.Status != "failed" || !strings.Contains(e.Text, "A panic in a Go handler does that") {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("event stream", func(t *testing.T) {
		r.get(r.backendURL() + "/stream")
		open, end := r.waitForRequest("GET /stream"), r.waitForRequest("GET /stream")
		if open.Status != "open" || end.Status != "200" || open.Number != end.Number || open.Text != "event stream" || end.Text != "event stream, 9 bytes received" {
			t.Errorf("got %+v and %+v", open, end)
		}
	})
	t.Run("manifest", func(t *testing.T) {
		r.write("manifest.yml", strings.Replace(manifestText, "Before", "After", 1))
		r.waitFor(EventConfig, "manifest.yml", "ok")
		if !strings.Contains(r.get(r.Host().URL()), "After") {
			t.Error("the page has the old title")
		}
		r.write("manifest.yml", "app: [\n")
		r.waitFor(EventConfig, "manifest.yml", "failed")
		if p := r.Problems(); len(p) != 1 || len(p[0].Places) != 1 || p[0].Places[0].Line != 1 {
			t.Errorf("got %+v", p)
		}
		if !strings.Contains(r.get(r.Host().URL()), "After") {
			t.Error("the page is not as it was before")
		}
		r.write("manifest.yml", manifestText)
		r.waitFor(EventConfig, "manifest.yml", "ok")
		r.waitForNoProblems()
	})
	t.Run("tunnel", func(t *testing.T) {
		server := httptest.NewServer(http.NotFoundHandler())
		defer server.Close()
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		r.write("manifest.yml", strings.Replace(manifestText, "path: static\n", "path: static\n    tunnel: {port: "+port+"}\n", 1))
		r.waitFor(EventBackend, "api", "ready")
		origins := r.Host().AppOrigins()
		if got := r.get(r.backendURL() + "/origins"); len(origins) < 2 || !strings.HasSuffix(got, ","+strings.Join(origins, ",")) {
			t.Errorf("the backend may be called from %s, want also from %s", got, origins)
		}
		r.get(origins[1])
		r.waitFor(devhost.EventTunnel, "main", "ok")
		before := len(r.recorded())
		r.write("static/style.css", "body { color: green }")
		for _, text := range []string{devText + "# comment\n", devText} {
			r.write("forgego.yml", text)
			r.waitFor(EventConfig, "forgego.yml", "ok")
		}
		for _, e := range r.recorded()[before:] {
			if e.Type == EventReload && e.Name == "main" {
				t.Errorf("a changed file reloads the page of the development server: %+v", e)
			}
		}
		r.write("manifest.yml", manifestText)
		r.waitFor(EventBackend, "api", "ready")
	})
	t.Run("forgego.yml", func(t *testing.T) {
		url := r.backendURL()
		r.write("forgego.yml", strings.Replace(devText, "./backend", "./backend, more", 1))
		r.waitFor(EventBackend, "api", "ready")
		if r.backendURL() != url {
			t.Errorf("the address changed from %s to %s", url, r.backendURL())
		}
		r.write("forgego.yml", "frontends:\n  main:\n    package: ./frontend\n")
		r.waitFor(EventConfig, "forgego.yml", "ok")
		r.waitFor(EventReload, "", string(devhost.ProductPage)) // its policy named the remote's address
		r.waitFor(EventBackend, "api", "stopped")
		if url := r.backendURL(); url != "" {
			t.Errorf("the remote is still at %s", url)
		}
		r.write("forgego.yml", devText)
		r.waitFor(EventBackend, "api", "ready")
		if got := r.get(r.backendURL()); got != "third answer" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("accounts", func(t *testing.T) {
		r.write("forgego.yml", devText+"featureFlags: {a: true}\n")
		r.waitFor(EventReload, "", string(devhost.AppPage))
		r.write("forgego.yml", devText+"context: {accounts: [{name: Somebody}]}\n")
		r.waitFor(EventReload, "", string(devhost.ProductPage))
		if !strings.Contains(r.get(r.Host().URL()), "Somebody") {
			t.Error("the page does not list the new account")
		}
		r.write("forgego.yml", devText)
		r.waitFor(EventReload, "", string(devhost.ProductPage))
	})
}

// The first build may fail. The page shows why, and works after the correction.
func TestLoopStartsWithoutAProgram(t *testing.T) {
	t.Parallel()
	r := run(t, "frontend/main.go", "package main\n\nfunc main() {\n", "backend/main.go", "package main\n")
	r.waitFor(EventReady, "", "")
	if p := r.Problems(); len(p) != 2 || p[0].ID != "frontend main" || p[1].ID != "remote api" {
		t.Errorf("got %+v", p)
	}
	r.write("frontend/main.go", frontendText)
	r.write("backend/main.go", backendText)
	r.waitFor(EventBackend, "api", "ready")
	r.waitForNoProblems()
	if got := r.get(r.backendURL()); got != "first answer" {
		t.Errorf("got %q", got)
	}
}

func TestRunWithoutWatching(t *testing.T) {
	t.Parallel()
	r := &running{t: t, dir: t.TempDir(), more: make(chan struct{}, 1)}
	for name, text := range map[string]string{
		"manifest.yml": manifestText, "forgego.yml": devText, "go.mod": "module example.com/app\n\ngo 1.26.0\n",
		"frontend/main.go": "package main\n\nfunc main() {\n", "backend/main.go": backendText, "static/index.html": "<!doctype html>",
	} {
		r.write(name, text)
	}
	l, err := New(Options{Dir: r.dir, NoWatch: true, Report: r.record})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "main.go:4:1: syntax error") {
		t.Errorf("got %v", err)
	}
}
