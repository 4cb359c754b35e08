package wasm

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"syscall/js"

	"github.com/forgego/forgego/internal/usercode"
)

// This file uses syscall/js directly. Nothing that it calls throws, and safejs would link package fmt, which is a
// tenth of a small program.

// page returns the context of everything that runs in the page. It ends when the page is closed. It is created when
// first needed, so that a program that only links this package does not pay for it.
func page() context.Context {
	pageOnce.Do(func() {
		var cancel context.CancelCauseFunc
		pageContext, cancel = context.WithCancelCause(context.Background())
		js.Global().Call("addEventListener", "pagehide", js.FuncOf(func(_ js.Value, args []js.Value) any {
			// A page in the back/forward cache may become active again, so its program must continue.
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

// Run calls app and keeps the program alive as long as the page, so that callbacks work after app has returned. Run
// itself does not return. An error or a panic of app is shown once, in the page and in the console. The context
// passed to app ends when the page is closed, with the cause [ErrPageClosed]. Call Run once, from main.
func Run(app func(ctx context.Context) error) {
	ctx := page()
	usercode.Call(func() error { return app(ctx) }, func(err error) {
		if err != nil && err != usercode.ErrGoexit && (ctx.Err() == nil || !errors.Is(err, ctx.Err())) {
			usercode.Fail(err)
		}
		// Do not return when ctx ends: a closing page still calls its listeners, and a program that has ended throws
		// an exception then.
		select {}
	})
}

// Go runs work in its own goroutine. A function that JavaScript calls uses it for work that waits, because the function
// itself must not wait; the handlers of [Listen] need no Go. An error or a panic does not stop the program: see [OnError].
// The context ends when the page is closed.
func Go(work func(ctx context.Context) error) {
	showErrors()
	var place [1]uintptr
	runtime.Callers(2, place[:])
	ctx := page()
	usercode.Go(func() error { return work(ctx) }, func(err error) { finished(ctx, place, err) })
}
