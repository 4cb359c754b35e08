package bridge_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestClientIsSafeForManyGoroutines(t *testing.T) {
	client := bridge.New(hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"status":200}`), Body: call.Body}, nil
	}))
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			want := strconv.Itoa(i)
			r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: bridge.Text(want)})
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := r.Text(); got != want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
	wg.Wait()
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	const secret = "eyJhbGciOiJSUzI1NiJ9.secret"
	requests := map[string]bridge.Request{
		"body":          {Method: "POST", Path: "/", Body: bridge.Text(secret + "\xff")},
		"header":        {Path: "/", Header: bridge.Header{"Authorization": {"Bearer " + secret + "\n."}}},
		"header's name": {Path: "/", Header: bridge.Header{secret + " x": {"1"}}},
		"path":          {Path: secret},
		"method":        {Method: secret + " x", Path: "/"},
	}
	for name, request := range requests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(`{"status":200}`, "")
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", request)
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("RequestRemote: %v", err)
			}
			_, err = bridge.InvokeRemote(bridge.NewContext(t.Context(), client), request)
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("InvokeRemote: %v", err)
			}
		})
	}
}

func TestRateLimitErrorText(t *testing.T) {
	err := &bridge.RateLimitError{Limit: 500, Window: 25 * time.Second, RetryAfter: 1500 * time.Millisecond}
	if want := "too many calls: the limit is 500 in 25s; try again in 1.5s"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestNewContext(t *testing.T) {
	if got := bridge.FromContext(t.Context()); got != bridge.Default() {
		t.Errorf("without NewContext the client is %p", got)
	}
	client := bridge.New(nil)
	inner, cancel := context.WithCancel(bridge.NewContext(t.Context(), client))
	defer cancel()
	if got := bridge.FromContext(inner); got != client {
		t.Errorf("got %p, want %p", got, client)
	}
	if got := bridge.FromContext(bridge.NewContext(inner, nil)); got != bridge.Default() {
		t.Errorf("without a client the client is %p, want the default", got)
	}
}

// A nil option changes nothing, and neither does a nil fetcher. Without a source, tokens come from the host.
func TestNilOptions(t *testing.T) {
	asked := ""
	host := hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		asked = call.Command
		return bridge.Answer{}, &bridge.HostError{Message: "no"}
	})
	client := bridge.New(host, nil, bridge.WithFetcher(nil), bridge.WithDirect(nil))
	_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if asked != "signInvocationTokenForUI" || !errors.Is(err, bridge.ErrRejected) {
		t.Errorf("asked %q: %v", asked, err)
	}
}
