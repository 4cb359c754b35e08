// Program frontend greets the person whose name the remote returns.
package main

import (
	"context"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

const greeting = "Good morning"

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	response, err := bridge.RequestRemote(ctx, "names", bridge.Request{Path: "/name"})
	if err != nil {
		return err
	}
	var person struct {
		Name string `json:"name"`
	}
	if err := response.JSON(&person); err != nil {
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
	return element.Set("textContent", greeting+", "+person.Name)
}
