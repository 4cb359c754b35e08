package relay_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/relay"
)

// until waits until a condition holds that has no event.
func until(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !condition(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("this never became true: " + what)
		}
	}
}

// answers returns a handler that always writes text.
func answers(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, text)
	}
}

// later sends a request in another goroutine and returns where its answer comes.
func later(t *testing.T, addr, request string) <-chan message {
	answer := make(chan message, 1)
	go func() { answer <- ask(t, addr, request) }()
	return answer
}

func TestRequestsWaitForTheBackend(t *testing.T) {
	const n = 20
	r, reported := start(t, relay.Options{})
	var before, during []<-chan message
	for range n {
		before = append(before, later(t, r.Addr(), plainRequest))
	}
	until(t, "all requests wait before the first start", func() bool { return r.Waiting() == n })
	r.Forward(handle(t, answers("first")))
	for _, answer := range before {
		if m := receive(t, answer); m.body != "first" {
			t.Errorf("before the first start: %+v", m)
		}
		if e := reported.next(t); e.Held <= 0 || e.Held > e.Duration || e.Problem != nil || e.Canceled {
			t.Errorf("reported: %+v", e)
		}
	}
	r.Hold()
	for range n {
		during = append(during, later(t, r.Addr(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"))
	}
	until(t, "all requests wait during a restart", func() bool { return r.Waiting() == n })
	r.Forward(handle(t, answers("second")))
	for _, answer := range during {
		if m := receive(t, answer); m.body != "second" {
			t.Errorf("during a restart: %+v", m)
		}
		if e := reported.next(t); e.RequestBytes != 4 || e.ResponseBytes != 6 {
			t.Errorf("reported: %+v", e)
		}
	}
}

func TestRequestsEndWhenTheBackendFails(t *testing.T) {
	r, reported := start(t, relay.Options{})
	answer := later(t, r.Addr(), plainRequest)
	until(t, "the request waits", func() bool { return r.Waiting() == 1 })
	r.Fail(errors.New("exit status 3"))
	if m := receive(t, answer); m.line != "" || m.end != "broken" {
		t.Errorf("the waiting request gets %+v", m)
	}
	if m := ask(t, r.Addr(), plainRequest); m.line != "" || m.end != "broken" {
		t.Errorf("the next request gets %+v", m)
	}
	for range 2 {
		if e := reported.next(t); e.Problem == nil || *e.Problem != (relay.Problem{Kind: relay.Down, Text: "the remote is down: exit status 3"}) {
			t.Errorf("reported: %+v", e.Problem)
		}
	}
	r.Forward(handle(t, answers("again")))
	if m := ask(t, r.Addr(), plainRequest); m.body != "again" {
		t.Errorf("after the next start: %+v", m)
	}
}

func TestARequestInFlightEndsAtItsBackend(t *testing.T) {
	arrived, proceed := make(chan bool), make(chan bool)
	old := serve(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- true
		<-proceed
		answers("old")(w, r)
	})
	r, _ := forwarding(t, old.Listener.Addr().String())
	inFlight := later(t, r.Addr(), plainRequest)
	receive(t, arrived)
	r.Hold()
	waiting := later(t, r.Addr(), plainRequest)
	until(t, "the next request waits", func() bool { return r.Waiting() == 1 })
	stopped := make(chan error, 1)
	go func() { stopped <- old.Config.Shutdown(t.Context()) }()
	r.Forward(handle(t, answers("new")))
	if m := receive(t, waiting); m.body != "new" {
		t.Errorf("the waiting request gets %+v", m)
	}
	close(proceed)
	if m := receive(t, inFlight); m.body != "old" {
		t.Errorf("the request in flight gets %+v", m)
	}
	if err := receive(t, stopped); err != nil {
		t.Error(err)
	}
}

// TestNothingIsLostOrDoubled restarts the backend while clients send over connections that they keep. They do not send
// anything again.
func TestNothingIsLostOrDoubled(t *testing.T) {
	const clients, restarts = 4, 25
	var mu sync.Mutex
	served := map[string]int{}
	backend := func() (addr string, stop func()) {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			id, _ := io.ReadAll(r.Body)
			mu.Lock()
			served[string(id)]++
			mu.Unlock()
			_, _ = w.Write(id)
		})
		return s.Listener.Addr().String(), s.CloseClientConnections
	}
	addr, stop := backend()
	r, _ := start(t, relay.Options{Report: func(relay.Exchange) {}})
	r.Forward(addr)
	done := make(chan bool)
	var sending sync.WaitGroup
	var answered atomic.Int64
	sent := make([]int, clients)
	for client := range clients {
		sending.Go(func() {
			c := dial(t, r.Addr())
			in := bufio.NewReader(c)
			for n := 0; ; n++ {
				select {
				case <-done:
					sent[client] = n
					return
				default:
				}
				method := []string{"POST", "GET", "PUT"}[n%3]
				id := fmt.Sprintf("%d-%d", client, n)
				fmt.Fprintf(c, "%s / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", method, len(id), id)
				if m := readAnswer(in, method); m.body != id {
					t.Errorf("request %s gets %+v", id, m)
					sent[client] = n
					return
				}
				answered.Add(1)
			}
		})
	}
	for range restarts {
		r.Hold()
		until(t, "all clients wait", func() bool { return r.Waiting() == clients || t.Failed() })
		stop()
		addr, stop = backend()
		before := answered.Load()
		r.Forward(addr)
		until(t, "all clients go on", func() bool { return answered.Load() >= before+clients || t.Failed() })
	}
	close(done)
	sending.Wait()
	total := 0
	for client, n := range sent {
		total += n
		for i := range n {
			if id := fmt.Sprintf("%d-%d", client, i); served[id] != 1 {
				t.Errorf("request %s was served %d times", id, served[id])
			}
		}
	}
	if total < clients*restarts {
		t.Errorf("only %d requests", total)
	}
}

// TestABrokenRequestIsNotSentAgain uses one connection of the client, whose first request succeeds. http.Transport would
// send the second one again.
func TestABrokenRequestIsNotSentAgain(t *testing.T) {
	served := make(chan string, 10)
	r, reported := forwarding(t, handle(t, func(w http.ResponseWriter, r *http.Request) {
		served <- r.URL.Path
		if r.URL.Path == "/broken" {
			panic("a test")
		}
	}))
	c := dial(t, r.Addr())
	in := bufio.NewReader(c)
	_, _ = io.WriteString(c, get("/good"))
	if m := readAnswer(in, "GET"); m.end != "" {
		t.Fatalf("%+v", m)
	}
	_, _ = io.WriteString(c, get("/broken"))
	if m := readAnswer(in, "GET"); m.end != "broken" || m.line != "" {
		t.Errorf("%+v", m)
	}
	reported.next(t)
	if e := reported.next(t); e.Problem == nil || e.Problem.Kind != relay.Broken {
		t.Errorf("reported: %+v", e)
	}
	if first, second := <-served, <-served; first != "/good" || second != "/broken" || len(served) != 0 {
		t.Errorf("the backend served %s, %s and %d more", first, second, len(served))
	}
}

// TestARequestWaitsIfTheBackendStopsFirst has the backend stop after a request may pass, and before it is sent.
func TestARequestWaitsIfTheBackendStopsFirst(t *testing.T) {
	old := serve(t, answers("old"))
	r, reported := forwarding(t, old.Listener.Addr().String())
	var once sync.Once
	r.BeforeDial(func() {
		once.Do(func() {
			r.Hold()
			old.Close()
		})
	})
	answer := later(t, r.Addr(), plainRequest)
	until(t, "the request waits", func() bool { return r.Waiting() == 1 })
	r.Forward(handle(t, answers("new")))
	if m := receive(t, answer); m.body != "new" {
		t.Errorf("the request gets %+v", m)
	}
	if e := reported.next(t); e.Problem != nil {
		t.Errorf("reported: %+v", e.Problem)
	}
}

func TestAWaitingRequestEndsWithItsClient(t *testing.T) {
	for _, c := range []struct{ name, request string }{
		{"without a body", plainRequest},
		{"with a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"},
		{"with an incomplete body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, reported := start(t, relay.Options{})
			served := make(chan bool, 10)
			client := dial(t, r.Addr())
			_, _ = io.WriteString(client, c.request)
			if !strings.HasSuffix(c.request, "bo") {
				until(t, "the request waits", func() bool { return r.Waiting() == 1 })
			}
			client.Close()
			if e := reported.next(t); !e.Canceled || e.Problem != nil || e.Status != 0 {
				t.Errorf("reported: %+v", e)
			}
			r.Forward(handle(t, func(http.ResponseWriter, *http.Request) { served <- true }))
			ask(t, r.Addr(), plainRequest)
			if len(served) != 1 {
				t.Error("the backend got the request of the client that left")
			}
		})
	}
}

func TestWaitingEnds(t *testing.T) {
	r, reported := start(t, relay.Options{Wait: time.Millisecond, Kind: "service"})
	if m := ask(t, r.Addr(), plainRequest); m.line != "" || m.end != "broken" {
		t.Errorf("the request gets %+v", m)
	}
	if e := reported.next(t); e.Problem == nil || *e.Problem != (relay.Problem{Kind: relay.Waited,
		Text: "the service does not listen yet. The request waited 1ms and ended without an answer."}) {
		t.Errorf("reported: %+v", e.Problem)
	}
	r.Hold()
	ask(t, r.Addr(), plainRequest)
	if e := reported.next(t); e.Problem == nil || !strings.HasPrefix(e.Problem.Text, "the service does not listen again.") {
		t.Errorf("reported: %+v", e.Problem)
	}
}

func TestTooManyWait(t *testing.T) {
	const n = 3
	r, reported := start(t, relay.Options{})
	r.LimitWaiting(n)
	var waiting []<-chan message
	for range n {
		waiting = append(waiting, later(t, r.Addr(), plainRequest))
	}
	until(t, "all requests wait", func() bool { return r.Waiting() == n })
	if m := ask(t, r.Addr(), plainRequest); m.line != "" || m.end != "broken" {
		t.Errorf("one more request gets %+v", m)
	}
	if e := reported.next(t); e.Problem == nil || *e.Problem != (relay.Problem{Kind: relay.Waited,
		Text: "the remote does not listen yet, and 3 requests wait already."}) {
		t.Errorf("reported: %+v", e.Problem)
	}
	r.Forward(handle(t, answers("ok")))
	for _, answer := range waiting {
		if m := receive(t, answer); m.body != "ok" {
			t.Errorf("a waiting request gets %+v", m)
		}
	}
}
