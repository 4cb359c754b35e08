package wasm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/wasm"
)

// div returns a new element in the page.
func div(t *testing.T) js.Value {
	t.Helper()
	e := js.Global().Get("document").Call("createElement", "div")
	js.Global().Get("document").Get("body").Call("append", e)
	t.Cleanup(func() { e.Call("remove") })
	return e
}

// fire sends an event that bubbles and can be cancelled. It reports whether the default action was prevented.
func fire(target js.Value, name string) (prevented bool) {
	event := js.Global().Get("Event").New(name, map[string]any{"bubbles": true, "cancelable": true})
	return !target.Call("dispatchEvent", event).Bool()
}

// underlying is a value like those of honnef.co/go/js/dom/v2.
type underlying struct{ v js.Value }

func (u underlying) Underlying() js.Value { return u.v }

func TestListenTargets(t *testing.T) {
	e := div(t)
	for name, target := range map[string]any{"js.Value": e, "safejs.Value": safejs.Safe(e), "dom": underlying{e}} {
		t.Run(name, func(t *testing.T) {
			got := make(chan string, 2)
			defer wasm.Listen(t.Context(), target, "ping", func(_ context.Context, event js.Value) error {
				got <- event.Get("type").String()
				return nil
			})()
			defer wasm.Listen(t.Context(), target, "ping", func(_ context.Context, event wasm.Value) error {
				v, err := event.Get("type")
				text, _ := v.String()
				got <- text
				return err
			})()
			fire(e, "ping")
			for range 2 {
				if text := <-got; text != "ping" {
					t.Errorf("got %q", text)
				}
			}
		})
	}
}

// A handler runs until it first waits before the browser continues with the event.
func TestHandlerStartsDuringTheEvent(t *testing.T) {
	e := div(t)
	defer wasm.Listen(t.Context(), e, "ping", func(_ context.Context, event js.Value) error {
		if !event.Get("currentTarget").Equal(e) {
			return errors.New("the event has no current target")
		}
		event.Call("preventDefault")
		return nil
	})()
	if !fire(e, "ping") {
		t.Error("the handler came too late to prevent the default action")
	}
}

func TestListenOptions(t *testing.T) {
	none := func(context.Context, js.Value) error { return nil }
	for name, tt := range map[string]struct {
		options   []wasm.ListenOption
		prevented bool
		order     string // of the handlers of an element, of the one inside it, and of one around both
	}{
		"none":             {nil, false, "inner outer page"},
		"prevent default":  {[]wasm.ListenOption{wasm.WithPreventDefault()}, true, "inner outer page"},
		"stop propagation": {[]wasm.ListenOption{wasm.WithStopPropagation()}, false, "inner outer"},
		"capture":          {[]wasm.ListenOption{wasm.WithCapture()}, false, "outer inner page"},
		"capture and stop": {[]wasm.ListenOption{wasm.WithCapture(), wasm.WithStopPropagation()}, false, "outer"},
		"passive":          {[]wasm.ListenOption{wasm.WithPassive()}, false, "inner outer page"},
	} {
		t.Run(name, func(t *testing.T) {
			outer, inner := div(t), div(t)
			outer.Call("append", inner)
			var order []string
			note := func(who string) func(context.Context, js.Value) error {
				return func(context.Context, js.Value) error {
					order = append(order, who)
					return nil
				}
			}
			defer wasm.Listen(t.Context(), outer, "ping", note("outer"), tt.options...)()
			defer wasm.Listen(t.Context(), inner, "ping", note("inner"))()
			defer wasm.Listen(t.Context(), js.Global(), "ping", note("page"))()
			if prevented := fire(inner, "ping"); prevented != tt.prevented {
				t.Errorf("the default action is prevented: %t", prevented)
			}
			if got := strings.Join(order, " "); got != tt.order {
				t.Errorf("the handlers ran in the order %q, want %q", got, tt.order)
			}
		})
	}
	t.Run("once", func(t *testing.T) {
		e, calls := div(t), 0
		handled := make(chan context.Context, 2)
		stop := wasm.Listen(t.Context(), e, "ping", func(ctx context.Context, _ js.Value) error {
			calls++
			handled <- ctx
			return nil
		}, nil, wasm.WithOnce())
		fire(e, "ping")
		fire(e, "ping")
		ctx := <-handled
		wasm.Await(t.Context(), js.Global().Get("Promise").Call("resolve")) // lets the handler's goroutine end
		if stop(); calls != 1 || ctx.Err() != nil {
			t.Errorf("the handler ran %d times, and its context: %v", calls, ctx.Err())
		}
	})
	t.Run("the context outlives the handler", func(t *testing.T) {
		e := div(t)
		handled := make(chan context.Context, 1)
		stop := wasm.Listen(t.Context(), e, "ping", func(ctx context.Context, _ js.Value) error {
			handled <- ctx
			return nil
		})
		fire(e, "ping")
		ctx := <-handled
		wasm.Await(t.Context(), js.Global().Get("Promise").Call("resolve")) // lets the handler's goroutine end
		if ctx.Err() != nil {
			t.Errorf("after the handler has returned: %v", ctx.Err())
		}
		if stop(); ctx.Err() == nil {
			t.Error("the context has not ended with the listening")
		}
	})
	t.Run("with a context", func(t *testing.T) {
		type key struct{}
		e := div(t)
		ctx, end := context.WithCancel(context.WithValue(t.Context(), key{}, "mine"))
		var got []any
		wasm.Listen(ctx, e, "ping", func(ctx context.Context, _ js.Value) error {
			got = append(got, ctx.Value(key{}))
			return nil
		})
		fire(e, "ping")
		end()
		fire(e, "ping")
		if !slices.Equal(got, []any{"mine"}) {
			t.Errorf("the handler got %v", got)
		}
	})
	t.Run("no function stays when it is stopped", func(t *testing.T) {
		e := div(t)
		js.Global().Set("listeners", 0)
		count := js.Global().Call("eval", `(e) => {
			e.addEventListener = function (...args) { listeners++; return EventTarget.prototype.addEventListener.apply(this, args); };
			e.removeEventListener = function (...args) { listeners--; return EventTarget.prototype.removeEventListener.apply(this, args); };
		}`)
		count.Invoke(e)
		for _, options := range [][]wasm.ListenOption{nil, {wasm.WithCapture()}, {wasm.WithOnce()}, {wasm.WithPreventDefault()}} {
			stop := wasm.Listen(t.Context(), e, "ping", none, options...)
			stop()
			stop()
		}
		fire(e, "ping")
		if n := js.Global().Get("listeners").Int(); n != 0 {
			t.Errorf("%d listeners are left", n)
		}
	})
}

func TestEventsWhileTheHandlerRuns(t *testing.T) {
	for name, tt := range map[string]struct {
		options []wasm.ListenOption
		begun   int // by two events, before any handler may end by itself
		ends    string
	}{
		"both run":     {nil, 2, "1: <nil>, 2: <nil>"},
		"skip":         {[]wasm.ListenOption{wasm.WithSkipWhileRunning()}, 1, "1: <nil>"},
		"newest":       {[]wasm.ListenOption{wasm.WithNewestOnly()}, 2, "1: context canceled, 2: <nil>"},
		"newest, once": {[]wasm.ListenOption{wasm.WithNewestOnly(), wasm.WithOnce()}, 1, "1: <nil>"},
	} {
		t.Run(name, func(t *testing.T) {
			shown := consoleErrors(t)
			e := div(t)
			letGo := make(chan bool)
			ended := make(chan string, 2)
			begun := 0
			defer wasm.Listen(t.Context(), e, "ping", func(ctx context.Context, _ js.Value) error {
				begun++
				me := strconv.Itoa(begun)
				select {
				case <-letGo:
				case <-ctx.Done():
				}
				ended <- me + ": " + fmt.Sprint(ctx.Err())
				return ctx.Err()
			}, tt.options...)()
			fire(e, "ping")
			fire(e, "ping")
			if begun != tt.begun {
				t.Errorf("the handler runs %d times, want %d", begun, tt.begun)
			}
			close(letGo)
			var ends []string
			for range tt.begun {
				ends = append(ends, <-ended)
			}
			slices.Sort(ends)
			if got := strings.Join(ends, ", "); got != tt.ends {
				t.Errorf("it ended with %s, want %s", got, tt.ends)
			}
			if shown() != "" {
				t.Errorf("the console has %q", shown())
			}
		})
	}
}

// When it is stopped, the contexts of handlers end, and no error about that is shown.
func TestStopEndsTheHandler(t *testing.T) {
	shown := consoleErrors(t)
	e := div(t)
	ended := make(chan error)
	stop := wasm.Listen(t.Context(), e, "ping", func(ctx context.Context, _ js.Value) error {
		<-ctx.Done()
		defer func() { ended <- ctx.Err() }()
		return ctx.Err()
	})
	fire(e, "ping")
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if notice() != "" || shown() != "" {
		t.Errorf("the page shows %q, the console %q", notice(), shown())
	}
}

// A dialog that the user has closed is not an error of the handler that asked. It ends an earlier notice of the handler.
func TestDismissedDialogIsNotShown(t *testing.T) {
	t.Cleanup(removeNotice)
	shown := consoleErrors(t)
	e := div(t)
	results := []error{errors.New("the title is missing"), &bridge.Error{Op: "Modal.open", Err: modal.ErrDismissed}}
	defer wasm.Listen(t.Context(), e, "ping", func(context.Context, js.Value) error {
		err := results[0]
		results = results[1:]
		return err
	})()
	fire(e, "ping")
	waitForNotice(t)
	fire(e, "ping")
	wasm.Await(t.Context(), js.Global().Get("Promise").Call("resolve")) // lets the handler's goroutine end
	if notice() != "" || shown() != "the title is missing" {
		t.Errorf("the page shows %q, the console %q", notice(), shown())
	}
}

// An older run of the handler that succeeds does not hide the error of a newer one: of two uploads, the second has failed.
func TestOlderSuccessKeepsTheNotice(t *testing.T) {
	t.Cleanup(removeNotice)
	shown := consoleErrors(t)
	e := div(t)
	older, ended := make(chan struct{}), make(chan struct{})
	runs := []func() error{
		func() error { defer close(ended); <-older; return nil },
		func() error { return errors.New("the picture is too large") },
		func() error { return nil },
	}
	defer wasm.Listen(t.Context(), e, "ping", func(context.Context, js.Value) error {
		run := runs[0]
		runs = runs[1:]
		return run()
	})()
	tick := func() { _, _ = wasm.Await(t.Context(), js.Global().Get("Promise").Call("resolve")) } // lets a goroutine end
	fire(e, "ping")
	fire(e, "ping")
	waitForNotice(t)
	close(older)
	<-ended
	tick()
	if notice() != "the picture is too large" {
		t.Errorf("after the older run, the page shows %q", notice())
	}
	fire(e, "ping")
	tick()
	if notice() != "" || shown() != "the picture is too large" {
		t.Errorf("after a newer run, the page shows %q, the console %q", notice(), shown())
	}
}

// The notice has a text for people, the console the whole error.
func TestNoticeHasAMessage(t *testing.T) {
	shown := consoleErrors(t)
	e := div(t)
	defer wasm.Listen(t.Context(), e, "ping", func(context.Context, js.Value) error {
		return fmt.Errorf("the task was not saved: %w", &bridge.Error{Op: "requestRemote", Remote: "tasks-api", Err: bridge.ErrTimeout})
	})()
	fire(e, "ping")
	if text, want := waitForNotice(t), "the task was not saved: The app’s server took too long to answer. Try again."; text != want {
		t.Errorf("the page shows %q, want %q", text, want)
	}
	if text := shown(); !strings.Contains(text, `bridge: requestRemote "tasks-api"`) {
		t.Errorf("the console has %q", text)
	}
}

func TestOnError(t *testing.T) {
	t.Cleanup(func() { wasm.OnError(nil) })
	shown := consoleErrors(t)
	got := make(chan error, 1)
	wasm.OnError(func(ctx context.Context, err error) {
		if ctx.Err() != nil {
			t.Error("the context has ended")
		}
		got <- err
	})
	e := div(t)
	missing := errors.New("the title is missing")
	defer wasm.Listen(t.Context(), e, "ping", func(context.Context, js.Value) error { return missing })()
	fire(e, "ping")
	if err := <-got; err != missing {
		t.Errorf("got %v", err)
	}
	if shown() != "the title is missing" || notice() != "" {
		t.Errorf("the console has %q, the page %q", shown(), notice())
	}
	wasm.OnError(nil)
	fire(e, "ping")
	waitForNotice(t)
}
