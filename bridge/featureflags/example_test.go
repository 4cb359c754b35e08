//go:build !js

package featureflags_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/featureflags"
	"github.com/forgego/forgego/bridge/view"
)

func ExampleNew() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.SetFeatureFlags(map[string]bool{"new-board": true})
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	user := featureflags.User{Identifiers: featureflags.Identifiers{AccountID: "5b10a2844c20165700ede21g"}}
	flags, err := featureflags.New(ctx, user, view.Production)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flags.CheckFlag("new-board", false), flags.CheckFlag("old-board", true))
	// Output: true true
}
