package relay_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/relay"
)

func TestDrainWaitsForAnswers(t *testing.T) {
	arrived, proceed := make(chan struct{}), make(chan struct{})
	r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-proceed
		fmt.Fprint(w, "answer")
	}))
	if err := r.Drain(t.Context()); err != nil {
		t.Fatalf("without requests: %v", err)
	}
	answer := make(chan string, 1)
	go func() { answer <- fetch(r.Addr()) }()
	receive(t, arrived)
	r.Hold()
	impatient, cancel := context.WithCancelCause(t.Context())
	late := errors.New("late")
	cancel(late)
	if err := r.Drain(impatient); !errors.Is(err, late) {
		t.Errorf("with a request: got %v, want the cause of the context", err)
	}
	close(proceed)
	if got := receive(t, answer); got != "answer" {
		t.Errorf("got %q", got)
	}
	if err := r.Drain(t.Context()); err != nil {
		t.Errorf("after the answer: %v", err)
	}
}

func TestDrainLeavesStreamsOut(t *testing.T) {
	arrived := make(chan struct{})
	r, _ := forwarding(t, handle(t, func(w http.ResponseWriter, in *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-in.Context().Done()
	}))
	go func() {
		resp, err := http.Get("http://" + r.Addr())
		if err == nil {
			t.Cleanup(func() { resp.Body.Close() })
		}
		close(arrived)
	}()
	receive(t, arrived)
	if err := r.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestNoRequestIsLost exchanges backends, which stop at once, while clients make requests.
func TestNoRequestIsLost(t *testing.T) {
	r, _ := start(t, relay.Options{})
	backend := func(n int) (addr string, stop func()) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, n) })}
		go func() { _ = s.Serve(l) }()
		return l.Addr().String(), func() { s.Close() }
	}
	addr, stop := backend(0)
	r.Forward(addr)
	var clients sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := fetch(r.Addr()); got == "" || got[0] < '0' || got[0] > '9' {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	for n := range 200 {
		r.Hold()
		if err := r.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		stop()
		addr, stop = backend(n + 1)
		r.Forward(addr)
		fetch(r.Addr())
	}
	close(done)
	clients.Wait()
	stop()
}

// fetch makes a request over a connection of its own, and returns the answer or the error.
func fetch(addr string) string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + addr)
	if err != nil {
		return "error: " + err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}
