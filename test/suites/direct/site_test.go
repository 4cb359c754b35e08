// Package direct tests bridge.WithDirect: a Go program on the local host's page, its own tokens, the browser's
// fetch, and a remote that verifies and streams.
//
// Run it from the folder test/; BROWSER says in which browsers:
//
//	BROWSER=all go test -count=1 ./suites/direct
//
// The long form of the two tests that count, with 20 renewals and 10,000 calls:
//
//	go test -count=1 ./suites/direct -run 'Renewed|Behind' -renewals 20 -calls 10000
package direct

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/testlog"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

var (
	chromium *browser.Browser
	// app is the folder of the built app, and appInWorker that of the app with its program in a worker.
	app, appInWorker string
	// output is the log of the host and the remote.
	output testlog.Log
)

const appID = "ari:cloud:ecosystem::app/2f9d6c1e-8a37-4b57-9b8a-7c1f5f0f4e11"

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) error {
		app = filepath.Join(dir, "app")
		appInWorker = filepath.Join(dir, "worker")
		return errors.Join(apphost.Build(context.Background(), "direct", app, bundle.Options{}),
			apphost.BuildInWorker(context.Background(), "direct", appInWorker, "run", bundle.Options{}))
	})
}

// site is the app on a local host with its own remote.
type site struct {
	host    *devhost.Host
	page    *browser.Page
	frame   *browser.Frame
	backend *backend
}

// everywhere runs a test with a program in the page, and with one in a worker.
func everywhere(t *testing.T, test func(t *testing.T, s *site)) {
	t.Run("in the page", func(t *testing.T) { test(t, newSite(t, app, 25*time.Second)) })
	t.Run("in a worker", func(t *testing.T) { test(t, newSite(t, appInWorker, 25*time.Second)) })
}

// newSite opens an app. Its tokens are valid for ttl.
func newSite(t *testing.T, app string, ttl time.Duration) *site {
	t.Helper()
	log := slog.New(slog.NewTextHandler(&output, nil))
	host := apphost.Serve(t, app, devhost.WithTokenLifetime(ttl), devhost.WithLogger(log))
	b := &backend{gone: make(chan string, 100), waiting: make(chan string, 100)}
	apphost.Remote(t, host, appID, "backend", b, remote.WithLogger(log), remote.WithExposedHeaders("X-Method"))
	apphost.Remote(t, host, appID, "undeclared", b, remote.WithLogger(log))
	page := chromium.Open(t, host.URL())
	s := &site{host: host, page: page, frame: page.Iframe(host.AppURL()), backend: b}
	s.frame.Wait("the program", `globalThis.run`)
	return s
}

// run runs a command of the app's program and decodes its result into out.
func (s *site) run(t *testing.T, out any, args ...string) {
	t.Helper()
	call, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	text := s.frame.String(`run(...` + string(call) + `)`)
	if err := json.Unmarshal([]byte(text), out); err != nil {
		t.Fatalf("%v returns %s: %v", args, text, err)
	}
}

// gone returns the path of the next request whose client disconnected before the end of the answer.
func (s *site) gone(t *testing.T) string {
	t.Helper()
	select {
	case path := <-s.backend.gone:
		return path
	case <-time.After(time.Minute):
		t.Fatal("no client has disconnected")
		return ""
	}
}

// backend is the remote.
type backend struct {
	// gone receives the path of each request whose client disconnected before the end of the answer.
	gone chan string
	// waiting receives the path of each request that gets no answer, when it arrives.
	waiting chan string
	// connections is the number of connections to /events.
	connections atomic.Int64
	tokens      sync.Map
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.tokens.Store(r.Header.Get("Authorization"), true)
	w.Header().Set("X-Method", r.Method)
	flush := func() { _ = http.NewResponseController(w).Flush() }
	switch r.URL.Path {
	case "/small":
		_, _ = io.WriteString(w, "small")
	case "/echo":
		b.echo(w, r)
	case "/big":
		var mb int
		_, _ = fmt.Sscan(r.URL.Query().Get("mb"), &mb)
		block := bytes.Repeat([]byte{0xFF, 0}, 1<<19)
		for range mb {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	case "/waiting": // answers when another request waits
		select {
		case <-b.waiting:
		case <-r.Context().Done():
		}
	case "/header", "/before": // never answers
		b.waiting <- r.URL.Path
		<-r.Context().Done()
		b.gone <- r.URL.Path
	case "/body", "/idle", "/close": // begins and never ends
		_, _ = io.WriteString(w, "the first piece")
		flush()
		<-r.Context().Done()
		select {
		case b.gone <- r.URL.Path:
		default:
		}
	case "/elements": // begins an array and never ends it
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `[{"name":"Grüße"},{"name":"b"},{"name":"c"},{"na`)
		flush()
		<-r.Context().Done()
		b.gone <- r.URL.Path
	case "/refused": // begins to say why, and never ends
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, `{"error":"Not with %s","trace":"%s`, r.Header.Get("Authorization"), strings.Repeat("x", 128<<10))
		flush()
		<-r.Context().Done()
		b.gone <- r.URL.Path
	case "/events":
		// Send two events for each connection. Continue the numbers after the client's last event.
		b.connections.Add(1)
		var n int
		_, _ = fmt.Sscanf(r.Header.Get("Last-Event-ID"), "世%d", &n) // the id is not Latin-1
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "retry: 20\n\nid: 世%d\nevent: tick\ndata: a\n\nid: 世%d\ndata: b\ndata: c\n\n", n+1, n+2)
	case "/redirect":
		http.Redirect(w, r, "/small", http.StatusFound)
	case "/redirect-away":
		http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
	case "/status":
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

func (b *backend) echo(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(body)
		return
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	header := r.MultipartForm.File["image"][0]
	file, err := header.Open()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer file.Close()
	fmt.Fprintf(w, "name=%s;image=%s:", r.FormValue("name"), header.Filename)
	_, _ = io.Copy(w, file)
}
