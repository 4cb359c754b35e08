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

	"github.com/forgego/forgego/test/harness/exampleapp"
)

// gate is a proxy with a fixed address, whatever port the Worker has. It can lose an answer, as a network does.
type gate struct {
	url string

	mu     sync.Mutex
	target *url.URL
	// loseNext makes the answer to the next POST of a task break off after the Worker has done its work.
	loseNext bool
	// keys are the received Idempotency-Keys, in order.
	keys []string
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

func (g *gate) loseAnswer() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loseNext = true
}

// lastKeys returns the last two Idempotency-Keys that were received.
func (g *gate) lastKeys() (before, last string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.keys) < 2 {
		return "", ""
	}
	return g.keys[len(g.keys)-2], g.keys[len(g.keys)-1]
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	target := g.target
	adds := r.Method == http.MethodPost && r.URL.Path == "/tasks"
	lose := adds && g.loseNext
	if adds {
		g.keys = append(g.keys, r.Header.Get("Idempotency-Key"))
	}
	if lose {
		g.loseNext = false
	}
	g.mu.Unlock()
	if target == nil {
		panic(http.ErrAbortHandler)
	}
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite:       func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ModifyResponse: func(response *http.Response) error {
			if lose {
				exampleapp.LoseBody(response)
			}
			return nil
		},
		ErrorLog:     log.New(io.Discard, "", 0), // errors of streams that end with the Worker
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	proxy.ServeHTTP(w, r)
}
