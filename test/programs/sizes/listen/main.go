// Program listen is a front end that listens to one event.
package main

import (
	"context"

	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	var button wasm.Value
	wasm.Listen(ctx, button, "click", func(context.Context, wasm.Value) error { return nil })
	return nil
}
