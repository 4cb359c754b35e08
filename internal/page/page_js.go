package page

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/forgego/forgego/internal/shim"
)

var (
	once sync.Once
	page context.Context
)

// Context returns a context that ends when the page is closed, with the cause [ErrClosed], and when the page stops the
// program, with the cause [ErrStopped]. Outside a page it does not end. It is created when first needed, so that a program
// that only links this package does not pay for it.
func Context() context.Context {
	once.Do(func() {
		var cancel context.CancelCauseFunc
		page, cancel = context.WithCancelCause(context.Background())
		hide := js.FuncOf(func(_ js.Value, args []js.Value) any {
			// A page in the back/forward cache may become active again, so its program must continue.
			if !args[0].Get("persisted").Truthy() {
				cancel(ErrClosed)
			}
			return nil
		})
		js.Global().Call("addEventListener", "pagehide", hide)
		if shim.Port.Truthy() {
			shim.Port.Set("stop", js.FuncOf(func(js.Value, []js.Value) any {
				js.Global().Call("removeEventListener", "pagehide", hide)
				cancel(ErrStopped)
				return nil
			}))
		}
	})
	return page
}
