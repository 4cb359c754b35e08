package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
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
		Transport:      again{},
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

// again sends a request again if wrangler asks for that. Between wrangler and the Worker are connections that workerd closes
// after five seconds without a request. If wrangler sends a request at that moment, it answers 503 with "Retry-After: 0",
// unless the method is GET or HEAD. There is no such proxy before a deployed Worker.
type again struct{}

func (again) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	for range 5 {
		r := r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != "0" {
			return resp, err
		}
		resp.Body.Close()
	}
	return nil, errors.New("wrangler answers 503 each time")
}

func TestGateSendsARequestAgain(t *testing.T) {
	requests := 0
	wrangler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.Copy(w, r.Body)
	}))
	defer wrangler.Close()
	g := newGate(t)
	g.passTo(t, wrangler.URL)
	resp, err := http.Post(g.url, "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 || string(body) != "body" || requests != 2 {
		t.Errorf("%d %q after %d requests, %v; want 200 and the body after two", resp.StatusCode, body, requests, err)
	}
}
