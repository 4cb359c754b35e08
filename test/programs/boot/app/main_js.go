// Program app is the app of tools/bench/testdata/boot/page/app.js in Go.
package main

import (
	"context"
	"syscall/js"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	response, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Path: "/tasks"})
	if err != nil {
		return err
	}
	text, err := response.Text()
	if err != nil {
		return err
	}
	js.Global().Get("document").Call("getElementById", "app").Set("textContent", text)
	return nil
}
