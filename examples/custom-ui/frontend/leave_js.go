package main

import (
	"context"
	"syscall/js"
)

// warnBeforeLeaving makes the browser ask the user before it closes the page, while wouldLose reports that something would be
// lost.
func warnBeforeLeaving(ctx context.Context, wouldLose func() bool) {
	on(ctx, js.Global(), "beforeunload", func(_ context.Context, event js.Value) {
		if wouldLose() {
			event.Call("preventDefault")
		}
	})
}
