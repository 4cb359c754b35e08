package main

import (
	"context"
	"syscall/js"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// windows connects this browser's windows of the page. A lock selects the one that has the event stream, and a channel
// informs the others.
type windows struct {
	// name is that of the lock and the channel.
	name           string
	locks, channel safejs.Value
}

// newWindows returns nil if nothing can be shared: the name is "", or the browser has no locks or channels for this page, for
// example because it blocks all storage.
func newWindows(name string) tasks.Windows {
	if name == "" {
		return nil
	}
	navigator, err := safejs.Global().Get("navigator")
	if err != nil {
		return nil
	}
	locks, err := navigator.Get("locks")
	if err != nil || locks.IsUndefined() {
		return nil
	}
	constructor, err := safejs.Global().Get("BroadcastChannel")
	if err != nil || constructor.IsUndefined() {
		return nil
	}
	channel, err := constructor.New(name)
	if err != nil {
		return nil
	}
	return &windows{name, locks, channel}
}

// Lead reports true also if the request for the lock fails. Then nothing is shared.
func (w *windows) Lead(ctx context.Context, wait bool) (release func(), leads bool) {
	answer := make(chan js.Value, 1) // what resolves the promise that holds the lock, or null
	hold := js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve := args[0]
		executor := js.FuncOf(func(_ js.Value, settlers []js.Value) any {
			resolve = settlers[0]
			return nil
		})
		defer executor.Release()
		if resolve.IsNull() {
			answer <- resolve
			return nil
		}
		promise := js.Global().Get("Promise").New(executor)
		answer <- resolve
		return promise
	})
	request, err := w.locks.Call("request", w.name, map[string]any{"ifAvailable": !wait}, safejs.Safe(hold.Value))
	if err != nil {
		hold.Release()
		return func() {}, true
	}
	// The request's promise settles when the lock is released or refused.
	refused := make(chan error, 1)
	go func() {
		_, err := wasm.Await(ctx, request)
		hold.Release()
		refused <- err
	}()
	select {
	case resolve := <-answer:
		if resolve.IsNull() {
			return nil, false
		}
		return func() { resolve.Invoke() }, true
	case err := <-refused:
		if err != nil && ctx.Err() == nil {
			return func() {}, true
		}
		return nil, false
	}
}

// Tell sends a hint. It does no harm if it is lost.
func (w *windows) Tell() { _, _ = w.channel.Call("postMessage", true) }

func (w *windows) Hear(told func()) {
	listener := js.FuncOf(func(js.Value, []js.Value) any {
		told()
		return nil
	})
	_ = w.channel.Set("onmessage", safejs.Safe(listener.Value))
}
