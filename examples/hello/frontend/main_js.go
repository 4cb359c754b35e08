// Command frontend is the page of the Hello app, compiled to WebAssembly.
package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/examples/hello/frontend/greet"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(run) }

func run(ctx context.Context) error {
	wasm.Listen(ctx, element("form"), "submit", func(ctx context.Context, _ js.Value) error {
		return show(greet.Ask(ctx, element("name").Get("value").String()))
	}, wasm.WithPreventDefault())
	element("button").Call("removeAttribute", "disabled")
	return nil
}

// show shows the answer. The page shows an error, until an answer comes without one.
func show(answer string, err error) error {
	element("answer").Set("textContent", answer)
	return err
}

func element(id string) js.Value {
	return js.Global().Get("document").Call("getElementById", id)
}
