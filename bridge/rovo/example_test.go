//go:build !js

package rovo_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/rovo"
)

func ExampleOpen() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	fmt.Println(rovo.Open(ctx, rovo.ForgeAgent{Name: "Task planner", Key: "task-planner", Prompt: "Plan my week"}))
	// Output: <nil>
}

func ExampleIsEnabled() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	fmt.Println(rovo.IsEnabled(host.Context(nil)))
	host.SetRovo(false)
	fmt.Println(rovo.IsEnabled(host.Context(nil)))
	// Output:
	// true <nil>
	// false <nil>
}
