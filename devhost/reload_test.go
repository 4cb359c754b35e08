//go:build !js

package devhost

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/grants"
)

const reloadable = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: TITLE
      resource: main
resources:
  - key: main
    path: static/main
remotes:
  - key: api
    baseUrl: https://api.example.com
permissions:
  scopes: [read:jira-work]
`

// startApp runs a host for an app whose manifest.yml has the module's title "Before".
func startApp(t *testing.T, o settings) (h *Host, dir string) {
	t.Helper()
	dir = t.TempDir()
	testapp.Write(t, dir, "static/main/index.html", "<!doctype html><html><head></head></html>")
	testapp.Write(t, dir, "manifest.yml", strings.Replace(reloadable, "TITLE", "Before", 1))
	m, err := loadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	return startHost(t, m, o), dir
}

func productPageText(t *testing.T, h *Host) string {
	t.Helper()
	_, page := testapp.Ask(t, http.MethodGet, h.URL(), "")
	return page
}

func TestReload(t *testing.T) {
	h, dir := startApp(t, settings{remoteURLs: map[string]string{"api": "http://127.0.0.1:1"}})
	next, _ := openSocket(t, h)
	if _, err := h.current.Load().grants.Site(2).Answer(true, grants.Input{Scope: &grants.Scope{Name: "read:jira-work"}}); err != nil {
		t.Fatal(err)
	}
	testapp.Write(t, dir, "manifest.yml", strings.Replace(reloadable, "TITLE", "After", 1)+"  external: {images: ['https://pictures.example.com']}\n")
	if page := productPageText(t, h); !strings.Contains(page, "Before") {
		t.Error("the page changed before Reload")
	}
	if err := h.Reload(); err != nil {
		t.Fatal(err)
	}
	if page := productPageText(t, h); !strings.Contains(page, "After") {
		t.Error("the page has the old title")
	}
	resp, _ := testapp.Ask(t, http.MethodGet, h.AppURL()+"main/", "")
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "pictures.example.com") {
		t.Errorf("the policy is still %s", csp)
	}
	if m := next(); m.Type != "refresh" || string(m.Payload) != `{"part":"product","version":1}` {
		t.Errorf("the window got %+v", m)
	}
	if base, err := h.current.Load().remotes.BaseURL(1, "api"); err != nil || base != "http://127.0.0.1:1" {
		t.Errorf("the remote's local address is %q (%v)", base, err)
	}
	if h.current.Load().grants.Site(2).State(true).Scopes[0].Granted {
		t.Error("a revoked scope is granted again")
	}
}

func TestReloadInvalidManifest(t *testing.T) {
	h, dir := startApp(t, settings{})
	testapp.Write(t, dir, "manifest.yml", "app: [\n")
	if err := h.Reload(); err == nil || !strings.Contains(err.Error(), "manifest.yml") {
		t.Errorf("got %v, want an error that contains %q", err, "manifest.yml")
	}
	if page := productPageText(t, h); !strings.Contains(page, "Before") {
		t.Error("the app changed although the manifest is invalid")
	}
}

func TestReloadDropsRemovedRemotes(t *testing.T) {
	h, dir := startApp(t, settings{remoteURLs: map[string]string{"api": "http://127.0.0.1:1"}})
	testapp.Write(t, dir, "manifest.yml", strings.Replace(reloadable, "- key: api", "- key: other", 1))
	if err := h.Reload(); err != nil {
		t.Fatal(err)
	}
	if base, err := h.current.Load().remotes.BaseURL(1, "other"); err != nil || base != "https://api.example.com" {
		t.Errorf("got %q (%v)", base, err)
	}
}

func TestProblems(t *testing.T) {
	h, _ := startApp(t, settings{})
	first, _ := openSocket(t, h)
	problem := Problem{ID: "frontend main", Title: "The front end does not build", Places: []Place{{File: "main.go", Line: 3, Column: 1, Message: "undefined: x"}}}
	h.SetProblems([]Problem{problem})
	second, _ := openSocket(t, h)
	for name, next := range map[string]func() window.Message{"an open window": first, "a new window": second} {
		m := next()
		var got []Problem
		if err := json.Unmarshal(m.Payload, &got); err != nil || m.Type != "problems" || len(got) != 1 || got[0].Places[0] != problem.Places[0] {
			t.Errorf("%s got %+v (%v)", name, m, err)
		}
	}
	h.SetProblems(nil)
	if m := first(); m.Type != "problems" || string(m.Payload) != "[]" {
		t.Errorf("after SetProblems(nil), the window got %+v, want no problems", m)
	}
}

func TestReport(t *testing.T) {
	events := make(chan Event, 10)
	h, _ := startApp(t, settings{report: func(e Event) { events <- e }})
	send := func(body string) string {
		_, text := testapp.Ask(t, http.MethodPost, h.URL()+"_host/report?account=2&site=x", body, "Content-Type", "application/json", "Origin", h.product.Origin)
		return text
	}
	if text := send(`{"events":[{"type":"call","name":"getContext","status":"ok","payload":{"a":1},"site":7}]}`); strings.Contains(text, "error") {
		t.Fatal(text)
	}
	if e := <-events; e.Type != EventCall || e.Name != "getContext" || e.Time.IsZero() || string(e.Payload) != `{"a":1}` || e.Account != 2 || e.Site != 0 {
		t.Errorf("got %+v", e)
	}
	if text := send(`{"events":[{"type":"early","name":"/main/","text":"getContext"}]}`); strings.Contains(text, "error") {
		t.Fatal(text)
	}
	if e := <-events; e.Type != EventEarly || e.Name != "/main/" || e.Text != "getContext" {
		t.Errorf("got %+v", e)
	}
	for name, body := range map[string]string{
		"an unknown type": `{"events":[{"type":"build"}]}`,
		"too many":        `{"events":[` + strings.Repeat(`{"type":"call"},`, maxReported) + `{"type":"call"}]}`,
	} {
		if text := send(body); !strings.Contains(text, "error") {
			t.Errorf("%s: the host accepted the report: %s", name, text)
		}
	}
	if len(events) > 0 {
		t.Error("the host passed on events of an invalid report")
	}
}

// A page may be rendered before a change and connect after it. So it gets the versions and compares them.
func TestVersions(t *testing.T) {
	h, _ := startApp(t, settings{})
	shown := shownVersions(t, h)
	if !strings.Contains(shown, " 0 0 ") {
		t.Fatalf("the page has the versions %q", shown)
	}
	h.Refresh(Refresh{Part: AppPage})
	h.Refresh(Refresh{Part: StyleSheets, Resource: "main", Paths: []string{"a.css"}})
	h.Refresh(Refresh{Part: ProductPage})
	if got, want := sentVersions(t, h), strings.Replace(shown, " 0 0 ", " 1 2 ", 1); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestVersionsAfterARestart checks which restarts of the host an open page survives as it is.
func TestVersionsAfterARestart(t *testing.T) {
	dir := t.TempDir()
	write := func(manifest string) { testapp.Write(t, dir, "manifest.yml", manifest) }
	// start starts the host and returns the name of this start, and what stands for all that a page cannot change.
	start := func(options ...Option) (instance, fixed string, h *Host) {
		t.Helper()
		h, err := New(dir, options...)
		if err != nil {
			t.Fatal(err)
		}
		versions := strings.Fields(h.current.Load().pageVersions(1))
		return versions[0], versions[3], h
	}
	testapp.Write(t, dir, "static/main/index.html", "<!doctype html>")
	write(reloadable)
	remote := map[string]string{"api": "http://127.0.0.1:1"}
	instance, fixed, h := start(WithRemoteURLs(remote))
	addr, appAddr := h.product.Addr().String(), h.app.Addr().String()
	for _, c := range []struct {
		name, manifest, appAddr, remote string
		same                            bool
	}{
		{"as before", reloadable, appAddr, "http://127.0.0.1:1", true},
		{"with another title", strings.Replace(reloadable, "TITLE", "Title", 1), appAddr, "http://127.0.0.1:1", true},
		{"with another port of a remote", reloadable, appAddr, "http://127.0.0.1:2", false},
		{"with another port of the app's pages", reloadable, "", "http://127.0.0.1:1", false},
		{"with another app", strings.Replace(reloadable, "11111111", "22222222", 1), appAddr, "http://127.0.0.1:1", false},
	} {
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		write(c.manifest)
		var nextInstance, nextFixed string
		nextInstance, nextFixed, h = start(WithAddr(addr), WithAppAddr(c.appAddr), WithRemoteURLs(map[string]string{"api": c.remote}))
		if nextInstance == instance {
			t.Errorf("%s: two starts have the same name", c.name)
		}
		if (nextFixed == fixed) != c.same {
			t.Errorf("%s: the page can stay: %v, want %v", c.name, nextFixed == fixed, c.same)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// shownVersions returns the versions in the product page.
func shownVersions(t *testing.T, h *Host) string {
	t.Helper()
	shown := regexp.MustCompile(`data-versions="([^"]*)"`).FindStringSubmatch(productPageText(t, h))
	if len(shown) != 2 || len(strings.Fields(shown[1])) != 4 {
		t.Fatalf("the page has the versions %q", shown)
	}
	return shown[1]
}

// sentVersions returns the versions that a window gets when it connects.
func sentVersions(t *testing.T, h *Host) (versions string) {
	t.Helper()
	conn, _, err := dial(t.Context(), h, h.product.Origin)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	for {
		m, err := read(t.Context(), conn)
		if err != nil {
			t.Fatal(err)
		}
		if m.Type == "versions" {
			if err := json.Unmarshal(m.Payload, &versions); err != nil {
				t.Fatal(err)
			}
			return versions
		}
	}
}
