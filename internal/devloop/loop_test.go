//go:build !js

package devloop

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/forgego/forgego/devhost"
)

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
		if e := r.waitFor(EventReload, "main", string(devhost.StyleSheets)); e.Text != "no page is open" {
			t.Errorf("the event says %q; no page is open", e.Text)
		}
	})
	t.Run("style sheet of an open page", func(t *testing.T) {
		conn, _, err := websocket.Dial(t.Context(), r.Host().URL()+"_host/socket", &websocket.DialOptions{
			HTTPHeader: http.Header{"Origin": {strings.TrimSuffix(r.Host().URL(), "/")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		if _, _, err := conn.Read(t.Context()); err != nil { // the first message comes when the window is open
			t.Fatal(err)
		}
		r.write("static/style.css", "body { color: blue }")
		if e := r.waitFor(EventReload, "main", string(devhost.StyleSheets)); e.Text != "" {
			t.Errorf("the event says %q; a page is open", e.Text)
		}
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
	r := newApp(t, "frontend/main.go", "package main\n\nfunc main() {\n")
	l, err := New(Options{Dir: r.dir, NoWatch: true, Report: r.record})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "main.go:4:1: syntax error") {
		t.Errorf("got %v", err)
	}
}
