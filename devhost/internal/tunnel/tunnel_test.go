//go:build !js

package tunnel

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/forgego/forgego/devhost/internal/testapp"
)

// forward returns the address of a tunnel to a port, and the changes that it reports.
func forward(t *testing.T, port int) (address string, changes <-chan bool) {
	t.Helper()
	reported := make(chan bool, 10)
	s := NewServer(port, func(listens bool) { reported <- listens }, log.New(io.Discard, "", 0))
	t.Cleanup(s.Close)
	page := Page{
		Policy: func(page []byte) string { return "policy of " + strconv.Itoa(len(page)) + " bytes" },
		Inject: func(page []byte) []byte { return append([]byte("<bridge>"), page...) },
		Missing: func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusTeapot)
		},
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Forward(w, r, page) }))
	t.Cleanup(host.Close)
	return host.URL, reported
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// serve returns the address of a tunnel to a development server with this handler.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	address, _ := forward(t, portOf(t, server.URL))
	return address
}

func TestForwardSendsRequestUnchanged(t *testing.T) {
	site := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusCreated) })
	address, _ := forward(t, portOf(t, site.URL))
	const target = "/@fs//a%2Fb/[id]?import&x;y=%zz"
	resp, _ := testapp.Ask(t, "POST", address+target, "body", "Origin", "http://app.example", "Cookie", "a=b", "X-A", "1")
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("got %s", resp.Status)
	}
	if got := site.Got; got.Method != "POST" || got.RequestURI != target || got.Host != strings.TrimPrefix(address, "http://") || site.Body != "body" {
		t.Errorf("the server got %s %s for %s with the body %q", got.Method, got.RequestURI, got.Host, site.Body)
	}
	for name, want := range map[string]string{"Origin": "http://app.example", "Cookie": "a=b", "X-A": "1", "Accept-Encoding": "identity"} {
		if got := site.Got.Header.Get(name); got != want {
			t.Errorf("the server got %s: %q, want %q", name, got, want)
		}
	}
}

func TestForwardStreamsLargeFile(t *testing.T) {
	part := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	const parts = 40 // more than a page may have
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		w.Header().Set("ETag", `"1"`)
		for range parts {
			w.Write(part)
		}
	})
	resp, text := testapp.Ask(t, "GET", address+"/", "")
	if want := parts * len(part); len(text) != want || text[want-len(part):] != string(part) {
		t.Errorf("got %d bytes, want %d", len(text), want)
	}
	if resp.Header.Get("ETag") != `"1"` || resp.Header.Get("Content-Security-Policy") != "policy of 0 bytes" {
		t.Errorf("the header is %v", resp.Header)
	}
}

func TestForwardStreams(t *testing.T) {
	seen := make(chan struct{})
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", strconv.Itoa(len("firstsecond")))
		io.WriteString(w, "first")
		http.NewResponseController(w).Flush()
		<-seen
		io.WriteString(w, "second")
	})
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, len("first"))
	_, err = io.ReadFull(resp.Body, first)
	close(seen)
	rest, restErr := io.ReadAll(resp.Body)
	if err != nil || restErr != nil || string(first)+string(rest) != "firstsecond" {
		t.Errorf("got %q and %q (%v, %v)", first, rest, err, restErr)
	}
}

func TestForwardWebSocket(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"vite-hmr"}})
		if err != nil {
			t.Error(err)
			return
		}
		defer c.CloseNow()
		kind, text, err := c.Read(r.Context())
		if err == nil {
			err = c.Write(r.Context(), kind, append([]byte(r.RequestURI+" "), text...))
		}
		if err != nil {
			t.Error(err)
		}
		c.Close(websocket.StatusNormalClosure, "")
	})
	c, _, err := websocket.Dial(t.Context(), address+"/?token=1", &websocket.DialOptions{
		Subprotocols: []string{"vite-hmr"}, HTTPHeader: http.Header{"Origin": {address}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	if err := c.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, text, err := c.Read(t.Context()); err != nil || string(text) != "/?token=1 hello" || c.Subprotocol() != "vite-hmr" {
		t.Errorf("got %q with the protocol %q (%v)", text, c.Subprotocol(), err)
	}
}

// freePort returns a port on which nothing listens.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// listen runs a development server on a port until the test ends.
func listen(t *testing.T, address string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	server.Listener.Close()
	server.Listener = l
	server.Start()
	t.Cleanup(server.Close)
}

func TestForwardWithoutServer(t *testing.T) {
	port := freePort(t)
	address, changes := forward(t, port)
	for _, c := range []struct {
		name, method string
		headers      []string
		status       int
	}{
		{"a page", "GET", nil, http.StatusTeapot},
		{"its header", "HEAD", nil, http.StatusTeapot},
		{"a form", "POST", nil, http.StatusBadGateway},
		{"a web socket", "GET", []string{"Connection", "Upgrade", "Upgrade", "websocket"}, http.StatusBadGateway},
	} {
		if resp, text := testapp.Ask(t, c.method, address, "", c.headers...); resp.StatusCode != c.status {
			t.Errorf("%s: got %s %s, want %d", c.name, resp.Status, text, c.status)
		}
	}
	if <-changes {
		t.Error("the first change is that a server listens")
	}
	listen(t, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if !<-changes {
		t.Error("the change is not that a server listens")
	}
	if resp, _ := testapp.Ask(t, "GET", address, ""); resp.StatusCode != http.StatusOK {
		t.Errorf("got %s", resp.Status)
	}
	if len(changes) > 0 {
		t.Errorf("another change was reported: %v", <-changes)
	}
}

// TestForwardToIPv6 is about Node.js, for which the name localhost may be ::1 only.
func TestForwardToIPv6(t *testing.T) {
	port := freePort(t)
	probe, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Logf("this machine has no IPv6: %v", err)
		return
	}
	probe.Close()
	listen(t, net.JoinHostPort("::1", strconv.Itoa(port)))
	address, _ := forward(t, port)
	for range 2 {
		if resp, _ := testapp.Ask(t, "GET", address, ""); resp.StatusCode != http.StatusOK {
			t.Errorf("got %s", resp.Status)
		}
	}
}
