// Package lifecycle tests what browsers do to an open page: the back/forward cache, hidden tabs, frames of other sites,
// restored tabs. A Go program on the local host's page has a timer, reads events, and makes calls.
//
// Run it from the folder test/; BROWSER says in which browsers:
//
//	BROWSER=all go test -count=1 ./suites/lifecycle
package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

var (
	shared *browser.Browser
	// app is the folder of the built app.
	app string
)

const appID = "ari:cloud:ecosystem::app/6b1f0f3a-52c7-4d0e-9b55-0c6c4ee5b3d8"

func TestMain(m *testing.M) {
	apphost.MainWhole(m, &shared, func(dir string) error {
		app = filepath.Join(dir, "app")
		return apphost.Build(context.Background(), "lifecycle", app, bundle.Options{})
	})
}

// lifetime is the time for which a token is valid.
const lifetime = 2 * time.Second

// ways are the three ways of a call.
var ways = []string{"requestRemote", "invokeRemote", "direct"}

// site is the app in a browser, with its remote.
type site struct {
	t       *testing.T
	page    *browser.Page
	frame   *browser.Frame
	backend *backend
	// address is that of the page, and appURL that of the app's page in it.
	address, appURL string
}

// newSite opens the local host's page with the app.
func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteIn(t, shared)
}

func newSiteIn(t *testing.T, b *browser.Browser) *site {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	host := apphost.Serve(t, app, devhost.WithTokenLifetime(lifetime), devhost.WithLogger(log))
	backend := newBackend(t)
	apphost.Remote(t, host, appID, "backend", backend, remote.WithLogger(log))
	page := b.Open(t, host.URL())
	s := &site{t, page, page.Iframe(host.AppURL()), backend, page.String(`location.href`), host.AppURL()}
	s.ready()
	return s
}

// ownPage is the script of newOwnPage: a product's bridge that sends each request with a new token.
const ownPage = `<script>
	globalThis.__bridge = { async callBridge(command, payload) {
		const token = await (await fetch("/token")).json();
		if (command === "signInvocationTokenForUI") return token;
		const { path, method } = command === "fetchRemote" ? payload.fetchRequestInit : payload;
		const answer = await fetch(token.baseUrl + path, { method, headers: { authorization: "Bearer " + token.jwt } });
		const { status, statusText } = answer;
		if (command === "fetchRemote") return { status, statusText, headers: Object.fromEntries(answer.headers), body: await answer.text() };
		const headers = Object.fromEntries([...answer.headers].map(([name, value]) => [name, [value]]));
		return { success: true, payload: { status, headers, body: await answer.json() } };
	} };
</script>`

// newOwnPage opens the app as a page of its own. Unlike the local host's page, it has no web socket, which would keep browsers
// from keeping it.
func newOwnPage(t *testing.T) *site {
	t.Helper()
	issuer := remotetest.NewIssuer(appID)
	verifier, err := issuer.Verifier(remote.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		t.Fatal(err)
	}
	html, err := os.ReadFile(filepath.Join(app, "static", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	backend := newBackend(t)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, strings.Replace(string(html), "<main>", ownPage+"<main>", 1))
	})
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join(app, "static"))))
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		ends := time.Now().Add(lifetime)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"jwt": issuer.Token(remotetest.WithClaim("exp", ends.Unix())), "expiresAt": ends.UnixMilli(), "baseUrl": server.URL + "/remote",
		})
	})
	mux.Handle("/remote/", http.StripPrefix("/remote", verifier.Handler(backend)))
	page := shared.Open(t, server.URL)
	s := &site{t, page, page.Frame, backend, server.URL + "/", server.URL}
	s.ready()
	return s
}

// ready waits for the program.
func (s *site) ready() { s.frame.Wait("the program", `globalThis.state && globalThis.call`) }

// follow starts the events.
func (s *site) follow() {
	s.t.Helper()
	s.frame.Eval(`follow()`, nil)
	s.hears("at first")
}

// state is what the program has seen so far.
type state struct {
	Ticks   int
	Longest int64
	Events  []string
	Error   string
}

func (s *site) state() (now state) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.frame.String(`state()`)), &now); err != nil {
		s.t.Fatal(err)
	}
	return now
}

// hears publishes an event and waits until the program has it, and all others before it once and in order.
func (s *site) hears(when string) {
	s.t.Helper()
	last := s.backend.publish()
	s.frame.Wait("the event "+when, fmt.Sprintf(`state().then((text) => JSON.parse(text).Events?.includes(%q))`, strconv.Itoa(last)))
	got := s.state()
	for i, id := range got.Events { // they end with the last one, without a gap
		if want := strconv.Itoa(last - len(got.Events) + 1 + i); id != want || got.Error != "" {
			s.t.Fatalf("%s the program has the events %q (%s), which are not all up to %d", when, got.Events, got.Error, last)
		}
	}
}

// calls makes a call by each way.
func (s *site) calls(when string) {
	s.t.Helper()
	for _, way := range ways {
		if got := s.frame.String(fmt.Sprintf(`call(%q, "/small")`, way)); got != `"small"` {
			s.t.Errorf("%s %s returns %s", when, way, got)
		}
	}
}

// ticks waits until the timer has run again.
func (s *site) ticks(when string) {
	s.t.Helper()
	before := s.state().Ticks
	s.frame.Wait("the timer "+when, fmt.Sprintf(`state().then((text) => JSON.parse(text).Ticks > %d + 2)`, before))
}
