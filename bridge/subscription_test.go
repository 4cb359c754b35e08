//go:build !tinygo

package bridge_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
)

// publisher is a host that calls back.
type publisher struct {
	bridge.Host
	err error

	mu        sync.Mutex
	callbacks []bridge.Callback
	// seen records what happened to the object in the host's answer.
	seen []string
}

func (p *publisher) CallWithFunctions(_ context.Context, _ bridge.Call, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	p.callbacks = callbacks
	return bridge.Answer{}, &publisherObject{p}, p.err
}

type publisherObject struct{ p *publisher }

func (o *publisherObject) record(what string) {
	o.p.mu.Lock()
	defer o.p.mu.Unlock()
	o.p.seen = append(o.p.seen, what)
}

func (o *publisherObject) Apply(_ context.Context, name string, arguments []byte, _ ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	o.record(name + string(arguments))
	return bridge.Answer{}, &publisherObject{&publisher{}}, nil
}
func (o *publisherObject) Mute()    { o.record("mute") }
func (o *publisherObject) Release() { o.record("release") }

func TestSubscription(t *testing.T) {
	for name, end := range map[string]func(stop, cancel func()){
		"by stop":        func(stop, _ func()) { stop() },
		"by its context": func(_, cancel func()) { cancel() },
		"by both":        func(stop, cancel func()) { stop(); cancel(); stop() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				host := &publisher{}
				stop, err := bridge.New(host).Subscribe(ctx, "events.on", bridge.Call{Command: "on"}, bridge.Callback{Path: "callback"})
				if err != nil {
					t.Fatal(err)
				}
				if len(host.callbacks) != 1 || host.callbacks[0].Path != "callback" {
					t.Errorf("the host got the callbacks %v", host.callbacks)
				}
				synctest.Wait()
				if len(host.seen) != 0 {
					t.Fatalf("before its end, the subscription did %q", host.seen)
				}
				end(stop, cancel)
				synctest.Wait()
				if want := []string{"mute", "unsubscribe[]", "release"}; !slices.Equal(host.seen, want) {
					t.Errorf("at its end, the subscription did %q, want %q", host.seen, want)
				}
			})
		})
	}
}

// cancelling is a host that ends the context while it answers.
type cancelling struct {
	*publisher
	cancel func()
}

func (c cancelling) CallWithFunctions(ctx context.Context, call bridge.Call, callbacks ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	defer c.cancel()
	return c.publisher.CallWithFunctions(ctx, call, callbacks...)
}

// A context may end while the host answers. The subscription must end at the host then, too, and without a race.
func TestSubscriptionCanceledDuringCall(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			host := cancelling{&publisher{}, cancel}
			if _, err := bridge.New(host).Subscribe(ctx, "events.on", bridge.Call{Command: "on"}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if want := []string{"mute", "unsubscribe[]", "release"}; !slices.Equal(host.seen, want) {
				t.Errorf("the subscription did %q, want %q", host.seen, want)
			}
		})
	}
}

func TestSubscribeFails(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	refusal := &bridge.HostError{Message: "no such event"}
	tests := map[string]struct {
		ctx  context.Context
		host bridge.Host
		want error
	}{
		"no bridge":           {t.Context(), nil, bridge.ErrNoBridge},
		"a host without":      {t.Context(), struct{ bridge.Host }{}, bridge.ErrNoFunctions},
		"a host that refuses": {t.Context(), &publisher{err: refusal}, refusal},
		"a canceled context":  {ended, &publisher{}, context.Canceled},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := bridge.New(tt.host).Subscribe(tt.ctx, "events.on", bridge.Call{Command: "on"})
			failed, ok := errors.AsType[*bridge.Error](err)
			if !ok || failed.Op != "events.on" || !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// brokenHost is a host of the app, with objects whose methods fail.
type brokenHost struct {
	publisher
	method string
	fail   func()
}

func (h *brokenHost) CallWithFunctions(context.Context, bridge.Call, ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	return bridge.Answer{}, &brokenObject{publisherObject{&h.publisher}, h}, nil
}

type brokenObject struct {
	publisherObject
	host *brokenHost
}

func (o *brokenObject) do(method string) {
	o.record(method)
	if method == o.host.method {
		o.host.fail()
	}
}

func (o *brokenObject) Apply(context.Context, string, []byte, ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	o.do("apply")
	return bridge.Answer{}, &publisherObject{&publisher{}}, nil
}

func (o *brokenObject) Mute()    { o.do("mute") }
func (o *brokenObject) Release() { o.do("release") }

// If the app's own host panics when a subscription ends, the program must go on.
func TestStopPanicsOrExits(t *testing.T) {
	for method, seen := range map[string][]string{
		"mute": {"mute"}, "apply": {"mute", "apply", "release"}, "release": {"mute", "apply", "release"},
	} {
		for name, fail := range map[string]func(){"panics": func() { panic("on purpose") }, "calls Goexit": runtime.Goexit} {
			t.Run(method+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					host := &brokenHost{method: method, fail: fail}
					if _, err := bridge.New(host).Subscribe(ctx, "events.on", bridge.Call{Command: "on"}); err != nil {
						t.Fatal(err)
					}
					cancel()
					synctest.Wait()
					if !slices.Equal(host.seen, seen) {
						t.Errorf("the object got %q, want %q", host.seen, seen)
					}
				})
			})
		}
	}
}
