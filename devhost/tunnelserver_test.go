//go:build !js

package devhost

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// freePort returns a port that nothing listens on now.
func freePort(t *testing.T) int {
	t.Helper()
	_, text, err := net.SplitHostPort(unusedAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

const tunnelledApp = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:globalPage:
    - {key: page, title: Page, resource: main}
    - {key: other, title: Other, resource: files}
resources:
  - {key: main, path: static, tunnel: {port: %d}}
  - {key: files, path: static}
`

// tunnelApp makes an app whose resource main has a tunnel.
func tunnelApp(t *testing.T, port int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"manifest.yml": fmt.Sprintf(tunnelledApp, port), "static/index.html": "<!doctype html><head><title>App</title></head>", "static/app.js": "1", "static/.secret": "x",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// startTunnel serves an app, and returns what its pages report.
func startTunnel(t *testing.T, dir string) (*TunnelServer, <-chan Event) {
	t.Helper()
	events := make(chan Event, 10)
	s, err := NewTunnelServer(dir, []string{"main"}, func(e Event) { events <- e })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s, events
}

func request(t *testing.T, method, url, body string, header ...string) (status int, text string, h http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if req.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data), resp.Header
}

func TestTunnelServerServesTheResource(t *testing.T) {
	s, events := startTunnel(t, tunnelApp(t, freePort(t)))
	url := s.URL("main")
	if s.URL("files") != "" || s.PageURL() != url || s.IsTunnelled("main") || !s.IsTunnelled("files") {
		t.Error("it serves other resources than main")
	}
	status, page, header := request(t, "GET", url, "")
	if status != 200 || !strings.HasPrefix(page, `<!doctype html><head><script src="/__forgego/client.js?version=`) || header.Get("Content-Security-Policy") != "" {
		t.Errorf("the page: %d, %q, %v", status, page, header)
	}
	for _, c := range []struct {
		method, path, body string
		header             []string
		want               int
	}{
		{"GET", "app.js", "", nil, 200},
		{"GET", "none.js", "", nil, 404},
		{"GET", ".secret", "", nil, 404},
		{"GET", "../manifest.yml", "", nil, 404},
		{"GET", "__forgego/client.js", "", nil, 200},
		{"GET", "__forgego/overlay.css", "", nil, 200},
		{"GET", "__forgego/none", "", nil, 404},
		{"POST", "app.js", "", nil, 405},
		{"POST", "__forgego/errors", "[]", nil, 204},
		{"POST", "__forgego/errors", "{", nil, 400},
		{"POST", "__forgego/errors", "[" + strings.Repeat(" ", maxErrorReport) + "]", nil, 400},
		{"POST", "__forgego/errors", "[" + strings.Repeat(`{"count":1},`, maxErrorTexts) + `{"count":1}]`, nil, 400},
		{"POST", "__forgego/errors", `[{"text": "x", "count": 1}, {"text": "x", "count": 0}]`, nil, 400},
		{"POST", "__forgego/errors", `[{"text": "x", "count": -1}]`, nil, 400},
		// forge tunnel passes on the Host of its own port.
		{"GET", "", "", []string{"Host", "localhost:8001"}, 200},
		{"GET", "", "", []string{"Host", "[::1]:8001"}, 200},
		{"GET", "", "", []string{"Host", "localhost"}, 200},
		{"GET", "", "", []string{"Host", "evil.example.com"}, 403},
		{"GET", "", "", []string{"Host", "localhost.evil.example.com:8001"}, 403},
		{"GET", "", "", []string{"Host", "192.168.1.1:8001"}, 403},
		{"GET", "", "", []string{"Host", "localhost:evil.example.com"}, 403},
		{"GET", "", "", []string{"Host", "localhost:80:80"}, 403},
		{"GET", "", "", []string{"Host", "localhost:65536"}, 403},
		{"GET", "", "", []string{"Host", "[localhost]:8001"}, 403},
		{"GET", "", "", []string{"Host", "[localhost]"}, 403},
		{"GET", "", "", []string{"Host", "::1"}, 403},
		{"GET", "app.js", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"GET", "app.js", "", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "cors"}, 403},
		{"GET", "app.js", "", []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors"}, 200},
		{"GET", "", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
		{"POST", "__forgego/errors", "[]", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"POST", "__forgego/errors", "[]", []string{"Origin", "https://evil.example.com"}, 403},
		{"POST", "__forgego/errors", "[]", []string{"Host", "localhost:8001", "Origin", "http://localhost:8001"}, 204},
		{"POST", "__forgego/errors", "[]", []string{"Host", "localhost:8001", "Origin", "http://localhost:8002"}, 403},
	} {
		if status, text, _ := request(t, c.method, url+c.path, c.body, c.header...); status != c.want {
			t.Errorf("%s %s %v: status %d, want %d: %s", c.method, c.path, c.header, status, c.want, text)
		}
	}
	request(t, "POST", url+"__forgego/errors", `[{"name": "error", "text": "it broke", "count": 2}]`)
	if e := <-events; e.Type != EventPageError || e.Text != "it broke" || e.Count != 2 || e.Name != "error" {
		t.Errorf("got the event %+v", e)
	}
}

// pageOf connects as an open page does, and returns its messages.
func pageOf(t *testing.T, url string) <-chan pageMessage {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"__forgego/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	messages := make(chan pageMessage)
	go func() {
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			text, ok := strings.CutPrefix(lines.Text(), "data: ")
			var m pageMessage
			if ok && json.Unmarshal([]byte(text), &m) == nil {
				select {
				case messages <- m:
				case <-t.Context().Done():
					return
				}
			}
		}
	}()
	return messages
}

func TestTunnelServerTellsPages(t *testing.T) {
	dir := tunnelApp(t, freePort(t))
	s, _ := startTunnel(t, dir)
	next := func(messages <-chan pageMessage) pageMessage {
		t.Helper()
		select {
		case m := <-messages:
			return m
		case <-time.After(time.Minute):
			t.Fatal("the page gets no message")
			return pageMessage{}
		}
	}
	page := pageOf(t, s.URL("main"))
	first := next(page)
	if _, html, _ := request(t, "GET", s.URL("main"), ""); !strings.Contains(html, "?version="+first.Version+`"`) {
		t.Errorf("the page does not have the version %s: %s", first.Version, html)
	}
	s.Refresh(Refresh{Part: StyleSheets, Resource: "main", Paths: []string{"a/b.css"}})
	styles := next(page)
	if styles.After != first.Version || styles.Version == first.Version || len(styles.Styles) != 1 || styles.Styles[0] != "/a/b.css" {
		t.Errorf("style sheets: got %+v after %+v", styles, first)
	}
	s.Refresh(Refresh{Part: AppPage, Resource: "files"}) // not a resource of this server
	s.Refresh(Refresh{Part: AppPage, Resource: "main"})
	changed := next(page)
	if changed.Version == styles.Version || changed.After != "" {
		t.Errorf("page: got %+v", changed)
	}
	s.SetProblems([]Problem{{ID: "x", Title: "It does not build"}})
	if m := next(page); m.Version != changed.Version || len(m.Problems) != 1 || m.Problems[0].Title != "It does not build" {
		t.Errorf("problems: got %+v", m)
	}
	// A page that connects later misses nothing.
	if m := next(pageOf(t, s.URL("main"))); m.Version != changed.Version || len(m.Problems) != 1 {
		t.Errorf("later: got %+v", m)
	}
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if m := next(page); m.Version == changed.Version {
		t.Error("the pages do not load again after manifest.yml was read again")
	}
	file := filepath.Join(dir, "manifest.yml")
	if err := os.WriteFile(file, fmt.Appendf(nil, tunnelledApp, freePort(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err == nil || !strings.Contains(err.Error(), "start forgego tunnel again") {
		t.Errorf("another port: got %v", err)
	}
}

func TestNewTunnelServerErrors(t *testing.T) {
	port := freePort(t)
	dir := tunnelApp(t, port)
	for _, key := range []string{"files", "none"} {
		if _, err := NewTunnelServer(dir, []string{"main", key}, nil); !errors.Is(err, ErrNoTunnelPort) {
			t.Errorf("%s: got %v", key, err)
		}
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) // the earlier calls have closed the port
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := NewTunnelServer(dir, []string{"main"}, nil); err == nil || !strings.Contains(err.Error(), `resource "main"`) || !strings.Contains(err.Error(), "another program may use the port") {
		t.Errorf("a port in use: got %v", err)
	}
	if _, err := NewTunnelServer(t.TempDir(), []string{"main"}, nil); err == nil {
		t.Error("without a manifest: got no error")
	}
}
