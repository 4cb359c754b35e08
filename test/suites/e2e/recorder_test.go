package e2e

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// recorder is a proxy in front of the example's backend. It keeps every request, passes it on, and can fail as a network
// does.
type recorder struct {
	addr string

	mu       sync.Mutex
	server   *http.Server
	target   *url.URL
	requests []request
	// hold, if set, holds all requests except GET and OPTIONS until it is closed.
	hold chan struct{}
	// isSilent is set while event streams send no heartbeats.
	isSilent bool
	// loseNext is the number of answers to POST that break off after the backend has done its work.
	loseNext int
}

// request is a request that the recorder received.
type request struct {
	method, uri string
	header      http.Header
	body        string
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	r.up(t)
	t.Cleanup(r.down)
	return r
}

func (r *recorder) url() string { return "http://" + r.addr }

// up listens again at the same address.
func (r *recorder) up(t *testing.T) {
	t.Helper()
	addr := r.addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	r.addr = listener.Addr().String()
	server := &http.Server{Handler: r}
	r.mu.Lock()
	r.server = server
	r.mu.Unlock()
	go func() { _ = server.Serve(listener) }()
}

// down refuses connections, as a machine without a server does.
func (r *recorder) down() {
	r.mu.Lock()
	server := r.server
	r.mu.Unlock()
	_ = server.Close()
}

// passTo sets the address of the backend.
func (r *recorder) passTo(t *testing.T, address string) {
	t.Helper()
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

// holdChanges holds the requests that change something until release is called.
func (r *recorder) holdChanges() (release func()) {
	hold := make(chan struct{})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hold = hold
	return sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.hold = nil
		close(hold)
	})
}

// loseAnswer breaks off the answer to the next POST.
func (r *recorder) loseAnswer() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loseNext++
}

// of returns all requests with a method so far.
func (r *recorder) of(method string) []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []request
	for _, q := range r.requests {
		if q.method == method {
			all = append(all, q)
		}
	}
	return all
}

// all returns all requests so far.
func (r *recorder) all() []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]request(nil), r.requests...)
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	q.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	r.requests = append(r.requests, request{q.Method, q.RequestURI, q.Header.Clone(), string(body)})
	target, hold := r.target, r.hold
	lose := q.Method == http.MethodPost && r.loseNext > 0
	if lose {
		r.loseNext--
	}
	r.mu.Unlock()
	if q.URL.Path == "/tasks/events" && q.Method == http.MethodGet {
		r.quietEvents(w, q)
		return
	}
	if hold != nil && q.Method != http.MethodGet && q.Method != http.MethodOptions {
		<-hold
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ModifyResponse: func(response *http.Response) error {
			if lose {
				// The head arrives. Without it, Chromium would send the request again by itself.
				response.Body = struct {
					io.Reader
					io.Closer
				}{io.LimitReader(response.Body, 1), response.Body}
			}
			return nil
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	proxy.ServeHTTP(w, q)
}

// beSilent makes the event streams send no heartbeats, as from a computer that sleeps.
func (r *recorder) beSilent(silent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.isSilent = silent
}

// quietEvents is an event stream without events. A page does not learn what another page does until it loads again.
func (r *recorder) quietEvents(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", q.Header.Get("Origin"))
	w.Header().Set("Content-Type", "text/event-stream")
	_ = http.NewResponseController(w).Flush()
	heartbeat := time.NewTicker(5 * time.Second)
	defer heartbeat.Stop()
	for {
		select {
		case <-heartbeat.C:
			r.mu.Lock()
			if !r.isSilent {
				_, _ = io.WriteString(w, ":\n\n")
				_ = http.NewResponseController(w).Flush()
			}
			r.mu.Unlock()
		case <-q.Context().Done():
			return
		}
	}
}
