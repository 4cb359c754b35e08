package lifecycle

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// backend is the remote.
type backend struct {
	mu sync.Mutex
	// last is the ID of the newest event. changed is closed when there is a newer one.
	last    int
	changed chan struct{}
	// cut is closed when the streams of events so far end. streams counts all streams.
	cut     chan struct{}
	streams int
	// release is closed when the calls to /slow are answered. slow counts these calls.
	release chan struct{}
	slow    int
	// used are the tokens so far, and ended those of them that have ended.
	used, ended map[string]bool
	problems    []string
}

// newBackend returns a remote. The test fails if a request has a token that has ended.
func newBackend(t *testing.T) *backend {
	b := &backend{changed: make(chan struct{}), cut: make(chan struct{}), release: make(chan struct{}), used: map[string]bool{}}
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, problem := range b.problems {
			t.Error(problem)
		}
	})
	return b
}

// publish adds an event and returns its ID.
func (b *backend) publish() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	close(b.changed)
	b.changed = make(chan struct{})
	return b.last
}

func (b *backend) now() (last int, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last, b.changed
}

// calls returns the number of calls to /slow and of streams of events so far.
func (b *backend) calls() (slow, streams int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.slow, b.streams
}

// tokens returns the tokens so far.
func (b *backend) tokens() map[string]bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.used)
}

// end says that these tokens have ended, and ends the streams of events.
func (b *backend) end(tokens map[string]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = tokens
	close(b.cut)
	b.cut = make(chan struct{})
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.Header.Get("Authorization")
	b.mu.Lock()
	b.used[token] = true
	if b.ended[token] {
		b.problems = append(b.problems, r.URL.Path+" has a token that has ended")
	}
	b.mu.Unlock()
	switch r.URL.Path {
	case "/small":
		answer(w, "small")
	case "/slow":
		b.mu.Lock()
		b.slow++
		b.mu.Unlock()
		select {
		case <-b.release:
			answer(w, "slow")
		case <-r.Context().Done():
		}
	case "/events":
		b.events(w, r)
	default:
		http.NotFound(w, r)
	}
}

// answer answers with a text as JSON, which invokeRemote needs.
func answer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, "%q", text)
}

// events sends all events after the client's last one, and later ones when they are published.
func (b *backend) events(w http.ResponseWriter, r *http.Request) {
	sent, _ := strconv.Atoi(r.Header.Get("Last-Event-ID")) // 0 at first
	last, changed := b.now()
	b.mu.Lock()
	b.streams++
	cut := b.cut
	b.mu.Unlock()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "retry: 20\n\n")
	heartbeat := time.NewTicker(100 * time.Millisecond)
	defer heartbeat.Stop()
	for {
		for ; sent < last; sent++ {
			fmt.Fprintf(w, "id: %d\ndata: x\n\n", sent+1)
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-changed:
			last, changed = b.now()
		case <-heartbeat.C:
			fmt.Fprint(w, ": heartbeat\n\n")
		case <-cut:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// onePage serves a page at every path.
func onePage(html string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><link rel=icon href=data:,>"+html)
	})
}

// elsewhere serves another page and returns its address.
func elsewhere(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(onePage("<title>Elsewhere</title><p>elsewhere"))
	t.Cleanup(server.Close)
	return server.URL
}

// isElsewhere is an expression that is true in the page of elsewhere.
const isElsewhere = `document.body.innerText.trim() === "elsewhere"`
