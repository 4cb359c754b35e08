package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// run brings the page to life. It ends when the page goes away, or when the list cannot be kept current.
func run(ctx context.Context) error {
	cache := bridge.NewTokenCache(tasks.Tokens())
	v := newView()
	v.page = tasks.New(v, senders(bridge.Default(), bridge.New(bridge.PageHost(), bridge.Direct(cache))), cache)
	v.listen()
	v.page.Choose(ctx, v.ways.chosen())
	v.page.Run(ctx)
	return nil
}

// start runs an action of the user, outside the event handler, which must not wait.
func start(action func(ctx context.Context)) {
	wasm.Go(func(ctx context.Context) error {
		action(ctx)
		return nil
	})
}
