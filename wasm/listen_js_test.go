package wasm_test

import (
	"context"
	"errors"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"

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
			defer wasm.Listen(target, "ping", func(_ context.Context, event js.Value) error {
				got <- event.Get("type").String()
				return nil
			})()
			defer wasm.Listen(target, "ping", func(_ context.Context, event safejs.Value) error {
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
func TestListenHandlerStartsDuringTheEvent(t *testing.T) {
	e := div(t)
	defer wasm.Listen(e, "ping", func(ctx context.Context, event js.Value) error {
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
