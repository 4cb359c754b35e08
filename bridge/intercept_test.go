//go:build !tinygo

package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/objectstore"
)

type next = func(context.Context, bridge.Call) (bridge.Answer, error)

func TestIntercept(t *testing.T) {
	var seen []string
	log := func(name string) bridge.Interceptor {
		return func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
			seen = append(seen, name+" "+call.Command)
			call.Payload = append(call.Payload[:len(call.Payload):len(call.Payload)], name...)
			answer, err := next(ctx, call)
			return bridge.Answer{Payload: append(answer.Payload, name...), Body: answer.Body}, err
		}
	}
	host := hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{Payload: slices.Concat([]byte("to "), call.Payload, []byte(" from ")), Body: call.Body}, nil
	})
	outer := bridge.Intercept(bridge.Intercept(host, log("inner")), log("outer"))
	answer, err := outer.Call(t.Context(), bridge.Call{Command: "x", Payload: []byte("."), Fetch: true, Body: []byte("body")})
	if want := "to .outerinner from innerouter"; string(answer.Payload) != want || string(answer.Body) != "body" || err != nil {
		t.Errorf("got %s and %s, %v; want %s", answer.Payload, answer.Body, err, want)
	}
	if want := []string{"outer x", "inner x"}; !reflect.DeepEqual(seen, want) {
		t.Errorf("seen %q, want %q", seen, want)
	}
}

func TestInterceptNothing(t *testing.T) {
	host := &startingHost{}
	if got := bridge.Intercept(host, nil); got != host {
		t.Errorf("without an interceptor: %v", got)
	}
	_, err := bridge.Intercept(nil, pass).Call(t.Context(), bridge.Call{})
	if !errors.Is(err, bridge.ErrNoBridge) {
		t.Errorf("without a host: %v", err)
	}
	_, _, err = bridge.New(bridge.Intercept(host, pass)).CallWithFunctions(t.Context(), "op", bridge.Call{})
	if !errors.Is(err, bridge.ErrNoFunctions) {
		t.Errorf("a host without functions: %v", err)
	}
}

// pass is an interceptor that changes nothing.
func pass(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
	return next(ctx, call)
}

// startingHost is a host that can send first and wait later.
type startingHost struct {
	mu   sync.Mutex
	sent []string
}

func (h *startingHost) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return h.Start(ctx, call)()
}

func (h *startingHost) Start(ctx context.Context, call bridge.Call) func() (bridge.Answer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sent = append(h.sent, string(call.Payload))
	return func() (bridge.Answer, error) {
		select {
		case <-time.After(time.Minute):
			return bridge.Answer{Payload: slices.Clone(call.Payload)}, nil
		case <-ctx.Done():
			return bridge.Answer{}, context.Cause(ctx)
		}
	}
}

// Calls that are started in sequence reach the host in sequence, however long an interceptor takes, and before the first
// answer.
func TestInterceptKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		delay := 100 * time.Millisecond
		slow := func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
			d := delay
			delay -= 10 * time.Millisecond // the first call takes the longest
			time.Sleep(d)
			return next(ctx, call)
		}
		inner := &startingHost{}
		host := bridge.Intercept(inner, slow).(bridge.Starter)
		start := time.Now()
		payload := []byte("0")
		var waits []func() (bridge.Answer, error)
		for i := range 10 {
			payload[0] = byte('0' + i) // the caller may change it when Start has returned
			waits = append(waits, host.Start(t.Context(), bridge.Call{Command: "x", Payload: payload}))
		}
		if want := strings.Split("0123456789", ""); !reflect.DeepEqual(inner.sent, want) {
			t.Errorf("sent %q, want %q", inner.sent, want)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("they were sent in %v: each has waited for an answer", took)
		}
		for i, wait := range waits {
			if answer, err := wait(); string(answer.Payload) != string(byte('0'+i)) || err != nil {
				t.Errorf("call %d got %s, %v", i, answer.Payload, err)
			}
		}
	})
}

// The packages below start their calls, so their order is kept, too.
func TestInterceptKeepsTheOrderOfObjects(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.On("trackObjectStoreAction", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	host.OnFunction("remove", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	ctx := bridge.NewContext(t.Context(), bridge.New(bridge.Intercept(host, pass)))
	keys := strings.Split("abcdefghij", "")
	if err := objectstore.Delete(ctx, "remove", keys...); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, call := range host.Calls() {
		var payload struct{ Payload struct{ Key string } }
		if call.Command == "invoke" && json.Unmarshal(call.Payload, &payload) == nil {
			got = append(got, payload.Payload.Key)
		}
	}
	if !slices.Equal(got, keys) {
		t.Errorf("the host got %q, want %q", got, keys)
	}
}

func TestInterceptStartFails(t *testing.T) {
	refused := errors.New("refused")
	for name, tt := range map[string]struct {
		f    bridge.Interceptor
		text string
	}{
		"without sending": {func(context.Context, bridge.Call, next) (bridge.Answer, error) { return bridge.Answer{}, refused }, "refused"},
		"after sending": {func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
			_, _ = next(ctx, call)
			return bridge.Answer{}, refused
		}, "refused"},
		"by a panic": {func(context.Context, bridge.Call, next) (bridge.Answer, error) { panic("on purpose") }, "on purpose"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := bridge.Intercept(&startingHost{}, tt.f).(bridge.Starter)
				if _, err := host.Start(t.Context(), bridge.Call{Command: "x"})(); err == nil || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// The end of a context ends a call, whatever waits: the interceptor or the host.
func TestInterceptCanceled(t *testing.T) {
	late := func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
		select {
		case <-time.After(time.Hour):
			return next(ctx, call)
		case <-ctx.Done():
			return bridge.Answer{}, context.Cause(ctx)
		}
	}
	cause := errors.New("the user went away")
	for name, f := range map[string]bridge.Interceptor{"the host is slow": pass, "the interceptor is slow": late} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(cause) })
				host := bridge.Intercept(&startingHost{}, f).(bridge.Starter)
				start := time.Now()
				_, err := host.Start(ctx, bridge.Call{Command: "x"})()
				if _, again := host.Call(ctx, bridge.Call{Command: "x"}); err != cause || again != cause {
					t.Errorf("got %v, then %v", err, again)
				}
				if took := time.Since(start); took != time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// Start returns when its context ends, even if the interceptor does not.
func TestInterceptStartCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		host := bridge.Intercept(&startingHost{}, func(context.Context, bridge.Call, next) (bridge.Answer, error) {
			time.Sleep(time.Hour)
			return bridge.Answer{}, nil
		}).(bridge.Starter)
		start := time.Now()
		if _, err := host.Start(ctx, bridge.Call{Command: "x"})(); err != context.DeadlineExceeded || time.Since(start) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		time.Sleep(time.Hour) // until the interceptor has returned
	})
}

// An answer that has come counts, even if the context has ended since. Each of many tries must return it, because a select
// chooses at random.
func TestInterceptAnsweredBeforeCanceled(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			wait := bridge.Intercept(&startingHost{}, func(context.Context, bridge.Call, next) (bridge.Answer, error) {
				return bridge.Answer{Payload: []byte("1")}, nil
			}).(bridge.Starter).Start(ctx, bridge.Call{Command: "x"})
			synctest.Wait()
			cancel()
			if answer, err := wait(); err != nil || string(answer.Payload) != "1" {
				t.Errorf("got %s, %v", answer.Payload, err)
			}
		})
		if t.Failed() {
			return
		}
	}
}

func TestInterceptKeepsCallbacks(t *testing.T) {
	host := bridgetest.NewHost(t)
	var say func(arguments ...any) *bridgetest.Reply
	stopped := make(chan struct{})
	attempts := 0
	host.OnWithFunctions("on", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		if attempts++; attempts == 1 {
			return nil, errors.New("not yet")
		}
		say = callbacks["callback"]
		return bridgetest.Object{Methods: map[string]bridgetest.Function{
			"unsubscribe": func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
				close(stopped)
				return nil, nil
			},
		}}, nil
	})
	ctx := bridge.NewContext(t.Context(), bridge.New(bridge.Intercept(host, retry)))
	heard := make(chan string, 2)
	stop, err := events.On(ctx, "saved", func(_ context.Context, text string, err error) error { heard <- text; return err })
	if err != nil {
		t.Fatal(err)
	}
	say("a")
	say("b")
	if a, b := <-heard, <-heard; a != "a" || b != "b" || attempts != 2 {
		t.Errorf("heard %q and %q after %d attempts", a, b, attempts)
	}
	stop()
	<-stopped
}

// retry is an interceptor that tries a refused command again, up to three times.
func retry(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
	for attempt := 1; ; attempt++ {
		answer, err := next(ctx, call)
		if err == nil || !errors.Is(err, bridge.ErrRejected) || attempt == 3 {
			return answer, err
		}
	}
}

// objects is a host whose answers are objects.
type objects struct {
	hostFunc
	released []int
	made     int
}

func (h *objects) CallWithFunctions(context.Context, bridge.Call, ...bridge.Callback) (bridge.Answer, bridge.Object, error) {
	h.made++
	return bridge.Answer{}, &numbered{host: h, n: h.made}, nil
}

type numbered struct {
	bridge.Object
	host *objects
	n    int
}

func (o *numbered) Release() { o.host.released = append(o.host.released, o.n) }

// Of several calls of next, the object of the last one counts. The others are released.
func TestInterceptObjects(t *testing.T) {
	refused := errors.New("refused")
	times := func(n int, err error) bridge.Interceptor {
		return func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
			for range n {
				_, _ = next(ctx, call)
			}
			return bridge.Answer{}, err
		}
	}
	for name, tt := range map[string]struct {
		f        bridge.Interceptor
		released []int
		last     int
	}{
		"once":          {times(1, nil), nil, 1},
		"three times":   {times(3, nil), []int{1, 2}, 3},
		"not at all":    {times(0, nil), nil, 0},
		"and then fail": {times(2, refused), []int{1, 2}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			host := &objects{}
			_, object, err := bridge.Intercept(host, tt.f).(bridge.FunctionHost).CallWithFunctions(t.Context(), bridge.Call{Command: "x"})
			if !slices.Equal(host.released, tt.released) {
				t.Errorf("released %v, want %v", host.released, tt.released)
			}
			if err != nil {
				return
			}
			last, _ := object.(*numbered)
			if last != nil && last.n != tt.last || last == nil && tt.last != 0 {
				t.Errorf("got the object %v, want %d", object, tt.last)
			}
			if last == nil {
				object.Mute()
				object.Release()
				if _, _, err := object.Apply(t.Context(), "x", nil); !errors.Is(err, bridge.ErrRejected) {
					t.Errorf("an object that is none: %v", err)
				}
			}
		})
	}
}

// An interceptor that panics leaves no object behind.
func TestInterceptReleasesAfterPanic(t *testing.T) {
	host := &objects{}
	panics := func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
		_, _ = next(ctx, call)
		panic("a mistake")
	}
	func() {
		defer func() { _ = recover() }()
		_, _, _ = bridge.Intercept(host, panics).(bridge.FunctionHost).CallWithFunctions(t.Context(), bridge.Call{Command: "x"})
	}()
	if !slices.Equal(host.released, []int{1}) {
		t.Errorf("released %v", host.released)
	}
}

// A direct request of a client whose host is intercepted still streams.
func TestInterceptStreams(t *testing.T) {
	host := bridgetest.NewHost(t)
	more := make(chan string)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for text := range more {
			_, _ = io.WriteString(w, text)
			w.(http.Flusher).Flush()
		}
	}))
	var seen []string
	client := bridge.New(bridge.Intercept(host, func(ctx context.Context, call bridge.Call, next next) (bridge.Answer, error) {
		seen = append(seen, call.Command)
		return next(ctx, call)
	}), bridge.WithFetcher(host.Fetcher()), bridge.WithDirect(nil))
	go func() { more <- "first" }()
	resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	read := make([]byte, 5)
	if _, err := io.ReadFull(resp.Body, read); string(read) != "first" || err != nil {
		t.Errorf("read %q, %v before the end", read, err)
	}
	go func() { more <- " second"; close(more) }()
	if rest, err := resp.Text(); rest != " second" || err != nil {
		t.Errorf("then read %q, %v", rest, err)
	}
	if want := []string{"signInvocationTokenForUI"}; !slices.Equal(seen, want) {
		t.Errorf("the interceptor has seen %q, want %q", seen, want)
	}
}
