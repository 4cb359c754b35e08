//go:build !js

package metrics_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/metrics"
)

func ExampleNewCounter() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	clicks, err := metrics.NewCounter(ctx, "button-click")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(clicks.Incr(ctx), clicks.IncrBy(ctx, 2), host.Metrics()["button-click"])
	// Output: <nil> <nil> 3
}
