package relay_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/forgego/forgego/internal/relay"
)

// TestNothingRemains runs many exchanges of each kind, and counts goroutines and memory after them.
func TestNothingRemains(t *testing.T) {
	r, _ := start(t, relay.Options{Report: func(relay.Exchange) {}})
	backend := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/broken":
			panic("a test")
		case "/stream":
			w.Header().Set("Content-Type", "text/event-stream")
			http.NewResponseController(w).Flush()
			<-r.Context().Done()
		case "/early":
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		default:
			_, _ = io.Copy(w, r.Body)
		}
	})
	round := func() {
		r.Forward(backend.Listener.Addr().String())
		for range 50 {
			ask(t, r.Addr(), plainRequest)
			ask(t, r.Addr(), get("/broken"))
			ask(t, r.Addr(), "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
			stream := dial(t, r.Addr())
			_, _ = io.WriteString(stream, get("/stream"))
			_, _, _ = head(bufio.NewReader(stream))
			stream.Close()
			upload := dial(t, r.Addr())
			fmt.Fprint(upload, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nonly this")
			upload.Close()
		}
		r.Hold()
		for range 50 {
			held := dial(t, r.Addr())
			_, _ = io.WriteString(held, plainRequest)
			defer held.Close()
		}
		until(t, "requests wait", func() bool { return r.Waiting() == 50 })
		r.Fail(nil)
		until(t, "no request waits", func() bool { return r.Waiting() == 0 })
	}
	round()
	// measure returns the two counts when they do not exceed what is allowed.
	measure := func(goroutines int, heap uint64) (int, uint64) {
		var m runtime.MemStats
		until(t, fmt.Sprintf("at most %d goroutines and %d bytes", goroutines, heap), func() bool {
			runtime.GC()
			runtime.ReadMemStats(&m)
			return runtime.NumGoroutine() <= goroutines && m.HeapAlloc <= heap
		})
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	// Beside the relay and the backend, a few goroutines of the test itself run.
	goroutines, heap := measure(20, 64<<20)
	for range 5 {
		round()
	}
	measure(goroutines+2, heap+4<<20)
}

func TestTooLargeHeads(t *testing.T) {
	large := make([]byte, 3<<20)
	for i := range large {
		large[i] = 'x'
	}
	addr, _ := raw(t, "HTTP/1.1 200 OK\r\nX-Large: "+string(large)+"\r\n\r\n")
	r, reported := forwarding(t, addr)
	if m := ask(t, r.Addr(), plainRequest); m.line != "" || m.end != "broken" {
		t.Errorf("an answer: %.200s", fmt.Sprintf("%+v", m))
	}
	if e := reported.next(t); e.Problem == nil || *e.Problem != (relay.Problem{Kind: relay.Broken, Text: "the head of the remote's answer is larger than 1024 KiB."}) {
		t.Errorf("reported: %+v", e.Problem)
	}
	client := dial(t, r.Addr())
	go func() { fmt.Fprintf(client, "GET / HTTP/1.1\r\nHost: a\r\nX-Large: %s\r\n\r\n", large) }()
	if line, _, _ := head(bufio.NewReader(client)); line != "HTTP/1.1 431 Request Header Fields Too Large" {
		t.Errorf("a request: %q", line)
	}
}
