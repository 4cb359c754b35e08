package page

import (
	"context"
	"sync"
	"syscall/js"
)

var (
	once sync.Once
	page context.Context
)

// Context returns a context that ends when the page is closed, with the cause [ErrClosed]. Outside a page it does not end.
// It is created when first needed, so that a program that only links this package does not pay for it.
func Context() context.Context {
	once.Do(func() {
		var cancel context.CancelCauseFunc
		page, cancel = context.WithCancelCause(context.Background())
		js.Global().Call("addEventListener", "pagehide", js.FuncOf(func(_ js.Value, args []js.Value) any {
			// A page in the back/forward cache may become active again, so its program must continue.
			if !args[0].Get("persisted").Truthy() {
				cancel(ErrClosed)
			}
			return nil
		}))
	})
	return page
}
