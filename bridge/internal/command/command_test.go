//go:build !js

package command_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/limit"
)

// hostFunc is a host that is a function.
type hostFunc func(context.Context, bridge.Call) (bridge.Answer, error)

func (f hostFunc) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return f(ctx, call)
}

type fetchFunc func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error)

func (f fetchFunc) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return f(ctx, r)
}

func TestFetch(t *testing.T) {
	client := bridge.New(nil, bridge.WithFetcher(fetchFunc(func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
		if r.Method != "GET" || r.URL != "./a.json" {
			t.Errorf("got %+v", r)
		}
		return bridge.FetchResponse{Status: 200, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})))
	response, err := command.Fetch(bridge.NewContext(t.Context(), client), "i18n.x", bridge.FetchRequest{Method: "GET", URL: "./a.json"})
	if err != nil || response.Status != 200 {
		t.Errorf("got %+v, %v", response, err)
	}
}

func TestFetchFails(t *testing.T) {
	unreachable := fetchFunc(func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
		return bridge.FetchResponse{}, bridge.ErrNetwork
	})
	ended, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user went away")
	cancel(cause)
	for name, c := range map[string]struct {
		ctx     context.Context
		fetcher bridge.Fetcher
		want    error
	}{
		"no page":       {t.Context(), nil, bridge.ErrNoBridge},
		"unreachable":   {t.Context(), unreachable, bridge.ErrNetwork},
		"ctx has ended": {ended, unreachable, cause},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := command.Fetch(bridge.NewContext(c.ctx, bridge.New(nil, bridge.WithFetcher(c.fetcher))), "i18n.x", bridge.FetchRequest{Method: "GET", URL: "./a"})
			var e *bridge.Error
			if !errors.Is(err, c.want) || !errors.As(err, &e) || e.Op != "i18n.x" {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// startingHost is a host that can send first and wait later.
type startingHost struct {
	hostFunc
	sent []string
}

func (h *startingHost) Start(ctx context.Context, call bridge.Call) func() (bridge.Answer, error) {
	h.sent = append(h.sent, call.Command)
	return func() (bridge.Answer, error) { return h.Call(ctx, call) }
}

func TestStart(t *testing.T) {
	waited := 0
	host := &startingHost{hostFunc: func(context.Context, bridge.Call) (bridge.Answer, error) {
		waited++
		return bridge.Answer{Payload: []byte("1")}, nil
	}}
	ctx := bridge.NewContext(t.Context(), bridge.New(host))
	first := command.Start(ctx, "first", bridge.Call{Command: "a"})
	second := command.Start(ctx, "second", bridge.Call{Command: "b"})
	if !reflect.DeepEqual(host.sent, []string{"a", "b"}) || waited != 0 {
		t.Errorf("sent %q, waited for %d", host.sent, waited)
	}
	for _, wait := range []func() (bridge.Answer, error){second, first} {
		if answer, err := wait(); string(answer.Payload) != "1" || err != nil {
			t.Errorf("got %s, %v", answer.Payload, err)
		}
	}
}

func TestStartFails(t *testing.T) {
	refused := &bridge.HostError{Message: "no"}
	host := &startingHost{hostFunc: func(context.Context, bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{}, refused
	}}
	_, err := command.Start(bridge.NewContext(t.Context(), bridge.New(host)), "view.x", bridge.Call{Command: "a"})()
	var e *bridge.Error
	if !errors.As(err, &e) || e.Op != "view.x" || e.Err != refused {
		t.Errorf("got %v", err)
	}

	ended, cancel := context.WithCancel(bridge.NewContext(t.Context(), bridge.New(host)))
	cancel()
	host.sent = nil
	if _, err := command.Start(ended, "view.x", bridge.Call{Command: "a"})(); !errors.Is(err, context.Canceled) || host.sent != nil {
		t.Errorf("a canceled context: got %v, sent %q", err, host.sent)
	}
}

func TestStartWithoutStarter(t *testing.T) {
	calls := 0
	ctx := bridge.NewContext(t.Context(), bridge.New(hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) {
		calls++
		return bridge.Answer{Payload: []byte("1")}, nil
	})))
	wait := command.Start(ctx, "op", bridge.Call{Command: "a"})
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
	if answer, err := wait(); string(answer.Payload) != "1" || err != nil {
		t.Errorf("got %s, %v", answer.Payload, err)
	}
}

func TestLimited(t *testing.T) {
	var l limit.Limiter
	for range limit.Calls {
		if err := command.Limited("op", &l); err != nil {
			t.Fatal(err)
		}
	}
	err := command.Limited("op", &l)
	e, ok := errors.AsType[*bridge.Error](err)
	limited, has := errors.AsType[*bridge.RateLimitError](err)
	if !ok || e.Op != "op" || !has || limited.Limit != limit.Calls || limited.RetryAfter <= 0 || !errors.Is(err, bridge.ErrRateLimited) {
		t.Errorf("call %d: got %v", limit.Calls+1, err)
	}
}
