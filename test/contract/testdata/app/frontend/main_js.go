// Program frontend checks a case of the hosts' contract when the test asks for it, by globalThis.check(name).
package main

import (
	"context"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/hosttest"
	"github.com/forgego/forgego/wasm"
)

func main() {
	wasm.Run(func(context.Context) error {
		_, err := wasm.Export("check", check)
		return err
	})
}

// check gives what does not hold, or nothing.
func check(ctx context.Context, args []safejs.Value) (any, error) {
	name, err := args[0].String()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := hosttest.Run(ctx, bridge.PageHost(), name); err != nil {
		return err.Error(), nil
	}
	return "", nil
}
