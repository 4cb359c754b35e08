package edge

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/testlog"
)

// gate is a proxy with a fixed address, whatever port the Worker has.
type gate struct {
	url string
	// failures gets the requests that fail. To a page, such an answer looks like one that CORS does not allow.
	failures testlog.Log

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
		FlushInterval:  -1,
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ErrorLog:       log.New(io.Discard, "", 0), // errors of streams that end with the Worker
		ModifyResponse: g.logFailure,
		ErrorHandler: func(_ http.ResponseWriter, r *http.Request, err error) {
			fmt.Fprintf(&g.failures, "%s %s: %v\n", r.Method, r.URL.Path, err)
			panic(http.ErrAbortHandler)
		},
	}
	proxy.ServeHTTP(w, r)
}

// logFailure logs an answer with a status from 500.
func (g *gate) logFailure(resp *http.Response) error {
	if resp.StatusCode < 500 {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	fmt.Fprintf(&g.failures, "%s %s: %s %.1000s\n", resp.Request.Method, resp.Request.URL.Path, resp.Status, body)
	return err
}
