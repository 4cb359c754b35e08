//go:build !js

package featureflags_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/featureflags"
)

// hostFunc stands in for a product's page.
type hostFunc func(ctx context.Context, call bridge.Call) (bridge.Answer, error)

func (f hostFunc) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return f(ctx, call)
}

func ExampleNew() {
	host := hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"feature_flags":{"1845781252":{"value":true}}}`)}, nil
	})
	ctx := bridge.NewContext(context.Background(), bridge.New(host)) // in an app, the one of wasm.Run
	user := featureflags.User{Identifiers: featureflags.Identifiers{AccountID: "5b10a2844c20165700ede21g"}}
	flags, err := featureflags.New(ctx, user, featureflags.Production)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(flags.CheckFlag("new-board", false), flags.CheckFlag("old-board", true))
	// Output: true true
}
