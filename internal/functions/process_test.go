package functions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTimeLimit(t *testing.T) {
	p := start(t, "src/index.js", `export const handler = async (what) => {
  if (what === 'left') return globalThis.__forge_runtime__.lambdaContext.getRemainingTimeInMillis();
  if (what === 'waits') await new Promise(() => {});
  if (what === 'computes') for (;;);
  return what;
};
`)
	limited := func(what string, limit time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		_, err := p.Call(ctx, Call{Module: "index", Export: "handler", Arguments: []any{what}, Fetch: p.fetch})
		return err
	}
	if err := limited("waits", 50*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a handler that waits: got %v", err)
	}
	// It keeps nobody waiting, so the process goes on.
	if got, err := p.call("hello"); got != `"hello"` || err != nil {
		t.Errorf("the next call: got %s, %v", got, err)
	}
	var left float64
	if got, err := p.call("left"); err != nil || json.Unmarshal([]byte(got), &left) != nil || left <= 0 || left > patience.Seconds()*1000 {
		t.Errorf("the remaining time: got %s, %v", got, err)
	}
	// By the end of this time the handler has begun.
	if err := limited("computes", 2*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a handler that computes: got %v", err)
	}
	select {
	case <-p.Done():
	case <-time.After(patience):
		t.Fatal("the process still computes")
	}
	if !errors.Is(p.Process.Err(), ErrBlocked) || !p.WasCalled() {
		t.Errorf("the process ended by %v", p.Process.Err())
	}
}

func TestProcessEnds(t *testing.T) {
	p := start(t, "src/index.js", "export const handler = (what) => (what === 'exit' ? process.exit(3) : what);\n")
	if _, err := p.call("exit"); err == nil || !strings.Contains(err.Error(), "the app's functions ended: exit status 3") {
		t.Errorf("got %v", err)
	}
	<-p.Done()
	p.Hold()
	p.again()
	if got, err := p.call("hello"); got != `"hello"` || err != nil {
		t.Errorf("the next call: got %s, %v", got, err)
	}

	dialed := make(chan struct{})
	gone := &Process{Process: p.Process.Process, address: p.address, client: &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			close(dialed)
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		},
	}}}
	p.Use(gone)
	next := make(chan string, 1)
	go func() {
		got, err := p.call("hello")
		next <- fmt.Sprint(got, err)
	}()
	<-dialed
	p.Use(p.Process)
	if got := <-next; got != `"hello"<nil>` {
		t.Errorf("a call that did not reach its process: got %s", got)
	}
	p.Fail(errors.New("out of order"))
	if _, err := p.call("hello"); err == nil || err.Error() != "out of order" {
		t.Errorf("after Fail: got %v", err)
	}
}

func TestRetire(t *testing.T) {
	const source = "export const handler = async (what) => (what === 'ask' ? (await globalThis.__forge_fetch__({ type: 'x' }, '/')).status + 'VERSION' : 'VERSION');\n"
	p := start(t, "src/index.js", strings.ReplaceAll(source, "VERSION", "old"))
	old := p.Process
	asked, goOn := make(chan struct{}), make(chan struct{})
	answered := make(chan string, 1)
	go func() {
		result, err := p.Call(t.Context(), Call{Module: "index", Export: "handler", Arguments: []any{"ask"}, Fetch: func(ctx context.Context, r Request) (*Response, error) {
			close(asked)
			<-goOn
			return p.fetch(ctx, r)
		}})
		answered <- fmt.Sprint(string(result), err)
	}()
	<-asked
	write(t, p.dir, "src/index.js", strings.ReplaceAll(source, "VERSION", "new"))
	p.again()
	retired := make(chan struct{})
	go func() {
		defer close(retired)
		old.Retire()
	}()
	if got, err := p.call(""); got != `"new"` || err != nil {
		t.Errorf("a new call: got %s, %v", got, err)
	}
	select {
	case <-old.Done():
		t.Error("the old process has ended before its call")
	default:
	}
	close(goOn)
	if got := <-answered; got != `"201old"<nil>` {
		t.Errorf("the call that ran got %s", got)
	}
	<-retired
	if err := old.Process.Err(); err != nil {
		t.Errorf("the old process ended by itself: %v", err)
	}
}

func TestPageLeavesWhileHandlerComputes(t *testing.T) {
	p := start(t, "src/index.js", `export const handler = (what) => {
  if (what === 'computes') {
    console.log('it computes');
    for (;;);
  }
  return what;
};
`)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := p.Call(ctx, Call{Module: "index", Export: "handler", Arguments: []any{"computes"}, Fetch: p.fetch})
		left <- err
	}()
	p.out.Wait(t, "it computes")
	answers := make(chan string)
	ask := func() {
		got, err := p.call("hello")
		answers <- fmt.Sprint(got, err)
	}
	go ask()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the call of the page: got %v", err)
	}
	go ask()
	select {
	case <-p.Done():
	case <-time.After(patience / 4):
		t.Fatal("the process still computes")
	}
	if !errors.Is(p.Process.Err(), ErrBlocked) {
		t.Errorf("the process ended by %v", p.Process.Err())
	}
	p.Hold()
	p.again()
	for range 2 {
		if got := <-answers; got != `"hello"<nil>` {
			t.Errorf("another call: got %s", got)
		}
	}
}
