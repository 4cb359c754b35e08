package wasm

import (
	"context"
	"errors"
	"sync"
	"syscall/js"

	"github.com/forgego/forgego/internal/usercode"
)

// This file uses syscall/js itself: nothing that it calls throws, and safejs would bring package fmt, which is a tenth of
// a small program, into those that have no other use for it.

// page is the context of all that runs in the page; it ends when the page goes away. It is made when first asked for, so
// that a program that only links this package pays nothing for it.
func page() context.Context {
	pageOnce.Do(func() {
		var cancel context.CancelCauseFunc
		pageContext, cancel = context.WithCancelCause(context.Background())
		js.Global().Call("addEventListener", "pagehide", js.FuncOf(func(_ js.Value, args []js.Value) any {
			// A page that the browser keeps for the way back comes to life again, and so must what runs in it.
			if !args[0].Get("persisted").Truthy() {
				cancel(ErrPageClosed)
			}
			return nil
		}))
	})
	return pageContext
}

var (
	pageOnce    sync.Once
	pageContext context.Context
)

// Run calls app and keeps the program alive as long as the page, so that callbacks work after app has returned: it does
// not return itself. An error or a panic of app is shown once, in the page and in the console. The context given to app
// ends when the page goes away, with the cause [ErrPageClosed]. Call it from main, once.
func Run(app func(ctx context.Context) error) {
	ctx := page()
	usercode.Call(func() error { return app(ctx) }, func(err error) {
		show(ctx, err)
		// Not until ctx ends: a page that goes away still calls its listeners, and a program that has ended throws at
		// them.
		select {}
	})
}

// Go runs work in a goroutine of its own: the way for an event handler to do what takes time, since a handler itself
// must not wait. An error or a panic is shown as [Run] shows it, and the program goes on. The context ends when the page
// goes away.
func Go(work func(ctx context.Context) error) {
	go func() {
		ctx := page()
		usercode.Call(func() error { return work(ctx) }, func(err error) { show(ctx, err) })
	}()
}

// show shows an error in the page and the console. Not those that only say that the page went away, or that the goroutine
// was to end.
func show(ctx context.Context, err error) {
	if err == nil || err == usercode.ErrGoexit || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return
	}
	usercode.Show(err)
}
