package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/wasm"
)

// warnBeforeLeaving makes the browser ask the user before it closes the page, while wouldLose reports that something would be
// lost.
func warnBeforeLeaving(wouldLose func() bool) {
	wasm.Listen(js.Global(), "beforeunload", func(_ context.Context, event js.Value) error {
		if wouldLose() {
			event.Call("preventDefault")
		}
		return nil
	})
}

func isOnline() bool { return js.Global().Get("navigator").Get("onLine").Bool() }
