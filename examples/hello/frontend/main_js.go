// Command frontend is the page of the Hello app, compiled to WebAssembly.
package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/examples/hello/frontend/greet"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(run) }

func run(context.Context) error {
	wasm.Listen(element("form"), "submit", func(ctx context.Context, _ js.Value) error {
		text, err := greet.Ask(ctx, element("name").Get("value").String())
		element("answer").Set("textContent", text)
		return err // the page shows it until it succeeds
	}, wasm.PreventDefault())
	element("button").Call("removeAttribute", "disabled")
	return nil
}

func element(id string) js.Value {
	return js.Global().Get("document").Call("getElementById", id)
}
