package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/wasm"
)

// onNextFrame calls work once before the browser draws the page again.
func onNextFrame(ctx context.Context, work func(ctx context.Context) error) {
	var f js.Func
	f = js.FuncOf(func(js.Value, []js.Value) any {
		f.Release()
		wasm.Go(ctx, work)
		return nil
	})
	js.Global().Call("requestAnimationFrame", f)
}

// copyText waits for a promise.
func copyText(ctx context.Context, text string) error {
	promise := js.Global().Get("navigator").Get("clipboard").Call("writeText", text)
	_, err := wasm.Await(ctx, promise)
	return err
}
