// Program app is the app of tools/bench/testdata/boot/page/app.js in Go.
package main

import (
	"context"

	"github.com/hack-pad/safejs"

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
	document, err := safejs.Global().Get("document")
	if err != nil {
		return err
	}
	element, err := document.Call("getElementById", "app")
	if err != nil {
		return err
	}
	return element.Set("textContent", text)
}
