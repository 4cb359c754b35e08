package edge

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// gate is a proxy with a fixed address, whatever port the Worker has.
type gate struct {
	url string

	mu     sync.Mutex
	target *url.URL
}

func newGate(t *testing.T) *gate {
	g := &gate{}
	server := httptest.NewServer(g)
	t.Cleanup(func() {
		server.CloseClientConnections() // the connections of event streams
		server.Close()
	})
	g.url = server.URL
	return g
}

func (g *gate) passTo(t *testing.T, address string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.target = target
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	target := g.target
	g.mu.Unlock()
	if target == nil {
		panic(http.ErrAbortHandler)
	}
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite:       func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ErrorLog:      log.New(io.Discard, "", 0), // errors of streams that end with the Worker
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	proxy.ServeHTTP(w, r)
}
