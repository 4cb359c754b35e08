// Package handler runs the app's handlers for what the host calls back: the buttons of a flag, events, the end of a dialog.
// All have the form func(ctx, …) error, as those of package wasm for events of the page. An error is shown in the same way.
package handler

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/notice"
)

// Callback returns the callback at path in a payload that calls f with its arguments, and shows its errors. ctx is the
// context of f.
func Callback(ctx context.Context, path string, f func(ctx context.Context, arguments []byte) error) bridge.Callback {
	h := New(ctx)
	return bridge.Callback{Path: path, Func: func(arguments []byte) {
		h.Call(func(ctx context.Context) error { return f(ctx, arguments) })
	}}
}

// Handler is one handler of the app.
type Handler struct{ ctx context.Context }

// New returns a handler whose context is ctx.
func New(ctx context.Context) *Handler {
	notice.Use()
	return &Handler{ctx}
}

// Call calls f, which calls the app's function, and shows its error. A panic is shown and passed on.
func (h *Handler) Call(f func(ctx context.Context) error) { notice.Call(h.ctx, h, f) }

// Subscribe sends a command whose payload has one callback, as [bridge.Client]'s Subscribe does. The context of f is a
// child of ctx that ends when stop is called.
func Subscribe(ctx context.Context, op string, call bridge.Call, path string, f func(ctx context.Context, arguments []byte) error) (stop func(), err error) {
	own, end := context.WithCancel(ctx)
	unsubscribe, err := bridge.FromContext(ctx).Subscribe(ctx, op, call, Callback(own, path, f))
	if err != nil {
		end()
		return nil, err
	}
	return sync.OnceFunc(func() {
		unsubscribe()
		end()
	}), nil
}
