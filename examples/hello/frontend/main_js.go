// Command frontend is the page of the Hello app, compiled to WebAssembly.
package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/hello/frontend/greet"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(run) }

func run(context.Context) error {
	doc := dom.GetWindow().Document()
	name := doc.GetElementByID("name").(*dom.HTMLInputElement)
	doc.GetElementByID("form").AddEventListener("submit", false, func(event dom.Event) {
		event.PreventDefault()
		wasm.Go(func(ctx context.Context) error { // an event handler must not wait
			text, err := greet.Ask(ctx, name.Value())
			doc.GetElementByID("answer").SetTextContent(text)
			return err // shown in the page
		})
	})
	doc.GetElementByID("button").RemoveAttribute("disabled")
	return nil
}
