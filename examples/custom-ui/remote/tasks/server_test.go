package tasks

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// network is the complete remote with its real server, on connections in memory. In a bubble of testing/synctest, hours
// pass at once.
type network struct {
	t      *testing.T
	tasks  *store
	hub    *hub
	server *http.Server
	client *http.Client

	conns chan net.Conn
	ended chan struct{}
}

func newNetwork(t *testing.T, opts ...Option) *network {
	service := New(newTestStore(t).db, append([]Option{WithLogger(discard)}, opts...)...)
	n := &network{t: t, tasks: service.tasks, hub: service.hub, conns: make(chan net.Conn), ended: make(chan struct{})}
	n.server = NewServer(service.Handler(newExchange(t)), discard)
	n.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return n.dial(), nil
	}}}
	go n.server.Serve(n)
	t.Cleanup(func() {
		n.client.CloseIdleConnections()
		n.server.Close()
		time.Sleep(time.Second) // the server waits before it closes a connection whose client may still send
	})
	return n
}

const testApp = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// issuer makes all tokens. Its key is made once.
var issuer = remotetest.NewIssuer(testApp)

// newExchange returns an exchange for the issuer's tokens.
func newExchange(t *testing.T) *remote.Exchange {
	t.Helper()
	verifier, err := issuer.Verifier(remote.WithAllowedOrigins("http://127.0.0.1:9000"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := remote.NewExchange(verifier, map[string]string{RemoteKey: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (n *network) dial() net.Conn {
	here, there := net.Pipe()
	n.conns <- there
	return here
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.ended:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	select {
	case <-n.ended:
	default:
		close(n.ended)
	}
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

// request returns a request with a new token for the installation.
func (n *network) request(ctx context.Context, installation, method, path string, body io.Reader, header ...string) *http.Request {
	n.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://remote"+path, body)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+issuer.Token(remotetest.WithInstallation(installation)))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// send returns the response and its body.
func (n *network) send(r *http.Request) (*http.Response, string) {
	n.t.Helper()
	resp, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return resp, string(data)
}

// do sends a request for installation i.
func (n *network) do(method, path, body string, header ...string) (*http.Response, string) {
	n.t.Helper()
	return n.send(n.request(n.t.Context(), "i", method, path, strings.NewReader(body), header...))
}

// add makes a task of the installation.
func (n *network) add(installation, name string) (made task) {
	n.t.Helper()
	resp, body := n.send(n.request(n.t.Context(), installation, "POST", "/tasks", strings.NewReader(toJSON(map[string]string{"name": name})), "Idempotency-Key", rand.Text()))
	if err := json.Unmarshal([]byte(body), &made); err != nil || resp.StatusCode != 201 {
		n.t.Fatalf("adding %q: %d %s, %v", name, resp.StatusCode, body, err)
	}
	return made
}

// stream is an event stream on the reader's side.
type stream struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
	// id is the last id.
	id string
}

// listen opens an event stream and reads its first message, which has only an id.
func (n *network) listen(ctx context.Context, installation string, header ...string) *stream {
	n.t.Helper()
	resp, err := n.client.Do(n.request(ctx, installation, "GET", "/tasks/events", nil, header...))
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != 200 || got != "text/event-stream" {
		n.t.Fatalf("%d %s; want an event stream", resp.StatusCode, got)
	}
	s := &stream{t: n.t, resp: resp, lines: bufio.NewScanner(resp.Body)}
	if name, data, ok := s.message(); name != "" || data != "" || !ok {
		n.t.Fatalf("the stream begins with %q %q, %v; want an id", name, data, ok)
	}
	return s
}

// message reads up to the next empty line. It returns false at the end.
func (s *stream) message() (name, data string, ok bool) {
	for s.lines.Scan() {
		field, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch field {
		case "":
			return name, data, true
		case "id":
			s.id = value
		case "event":
			name = value
		case "data":
			data = value
		}
	}
	return "", "", false
}

// next skips comments and reads the next event, which says that the tasks have changed.
func (s *stream) next() {
	s.t.Helper()
	for {
		switch name, data, ok := s.message(); {
		case !ok:
			s.t.Fatal("the stream ends without an event")
		case name == "change" && data == "{}":
			return
		case name != "" || data != "":
			s.t.Fatalf("event %q with %q; want a change", name, data)
		}
	}
}

// exchanged is the answer with the page's token.
type exchanged struct{ JWT, ExpiresAt, BaseURL string }

func TestExchangedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		mine := n.add("i", "mine")
		n.add("other", "theirs")
		if resp, body := n.do("POST", "/token", `{"remoteKey":"another"}`); resp.StatusCode != 404 || !strings.Contains(body, `{"error":`) {
			t.Errorf("another remote: %d %s; want 404", resp.StatusCode, body)
		}
		resp, body := n.do("POST", "/token", `{"remoteKey":"tasks-api"}`, "Content-Type", "application/json")
		var token exchanged
		if err := json.Unmarshal([]byte(body), &token); err != nil || resp.StatusCode != 200 || token.BaseURL != "http://127.0.0.1:1" {
			t.Fatalf("%d %s, %v; want a token for this remote", resp.StatusCode, body, err)
		}
		expires, err := strconv.ParseInt(token.ExpiresAt, 10, 64)
		if life := time.Until(time.UnixMilli(expires)); err != nil || life < time.Minute {
			t.Errorf("the token lives %v, %v; want longer than a Forge Invocation Token", life, err)
		}
		auth := "Bearer " + token.JWT

		time.Sleep(time.Minute)
		if _, body := n.do("GET", "/tasks", "", "Authorization", auth); !strings.Contains(body, mine.ID) || strings.Contains(body, "theirs") {
			t.Errorf("with the token the tasks are %s; want those of its installation", body)
		}
		s := n.listen(t.Context(), "nobody", "Authorization", auth)
		n.add("i", "later")
		s.next()
		if resp, _ := n.do("POST", "/token", `{"remoteKey":"tasks-api"}`, "Authorization", auth); resp.StatusCode != 403 {
			t.Errorf("a new token for the token: %d; want 403", resp.StatusCode)
		}
		time.Sleep(time.Hour)
		if resp, _ := n.do("GET", "/tasks", "", "Authorization", auth); resp.StatusCode != 401 {
			t.Errorf("an hour later: %d; want 401", resp.StatusCode)
		}
	})
}

// A page on the app's own origin needs these permissions.
func TestCORS(t *testing.T) {
	const origin = "http://127.0.0.1:9000"
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(t)
		path := "/tasks/" + n.add("i", "a").ID + "/file"
		for _, tt := range []struct{ method, path, headers string }{
			{"PUT", path, "authorization,content-type,x-file-name"},
			{"GET", "/tasks/events", "authorization,last-event-id"},
			{"GET", path, "authorization,if-none-match"},
			{"DELETE", path, "authorization"},
		} {
			r := n.request(t.Context(), "i", "OPTIONS", tt.path, nil, "Origin", origin,
				"Access-Control-Request-Method", tt.method, "Access-Control-Request-Headers", tt.headers)
			r.Header.Del("Authorization")
			resp, _ := n.send(r)
			allowed := strings.Split(resp.Header.Get("Access-Control-Allow-Headers"), ", ")
			for name := range strings.SplitSeq(tt.headers, ",") {
				if !strings.Contains(strings.Join(allowed, " ")+" ", name+" ") {
					t.Errorf("%s %s: %s is not allowed by %v", tt.method, tt.path, name, allowed)
				}
			}
			if methods := resp.Header.Get("Access-Control-Allow-Methods"); resp.StatusCode != 204 || !strings.Contains(methods, tt.method) {
				t.Errorf("%s %s: %d, methods %s", tt.method, tt.path, resp.StatusCode, methods)
			}
		}
		n.do("PUT", path, "data", "X-File-Name", "a", "Origin", origin)
		for _, path := range []string{path, "/tasks/events"} {
			resp, err := n.client.Do(n.request(t.Context(), "i", "GET", path, nil, "Origin", origin))
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			h := resp.Header
			exposed := h.Get("Access-Control-Expose-Headers")
			if h.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(exposed, "Content-Disposition") || !strings.Contains(exposed, "ETag") {
				t.Errorf("%s: allowed for %q, exposing %q", path, h.Get("Access-Control-Allow-Origin"), exposed)
			}
		}
	})
}

func TestPanics(t *testing.T) {
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		aborts  bool
		status  string
	}{
		{"before the answer", func(http.ResponseWriter, *http.Request) { panic("oops") }, false, "status=500"},
		{"in the answer", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "half"); panic("oops") }, true, "status=200"},
		{"on purpose", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, "status=0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
			r = r.WithContext(remote.NewContext(r.Context(), &remote.Claims{}))
			aborted := func() (aborted bool) {
				defer func() { aborted = recover() == http.ErrAbortHandler }()
				logged(slog.New(slog.NewTextHandler(&log, nil)), tt.handler).ServeHTTP(w, r)
				return false
			}()
			if aborted != tt.aborts || !strings.Contains(log.String(), tt.status) {
				t.Errorf("aborted %v, log %q; want %v and %s", aborted, log.String(), tt.aborts, tt.status)
			}
			if !tt.aborts && (w.Code != 500 || !strings.Contains(w.Body.String(), `{"error":`)) {
				t.Errorf("%d %s; want a JSON 500", w.Code, w.Body)
			}
		})
	}
}

func TestHealthWithoutDatabase(t *testing.T) {
	s := newTestStore(t)
	s.db.Close()
	w := httptest.NewRecorder()
	New(s.db, WithLogger(discard)).Handler(newExchange(t)).ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != 503 || !strings.Contains(w.Body.String(), `{"error":`) {
		t.Errorf("%d %s; want 503", w.Code, w.Body)
	}
}
