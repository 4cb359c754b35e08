//go:build !js

package product_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/product"
)

func ExampleQueryTeamworkGraph() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.OnGraph("me", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(`{"data":{"me":{"user":{"name":"Ada"}}}}`), nil
	})
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	type data struct {
		Me struct{ User struct{ Name string } }
	}
	result, err := product.QueryTeamworkGraph[data](ctx, "query me { me { user { name } } }", nil)
	if err == nil {
		err = result.Err()
	}
	fmt.Println(err, result.Data.Me.User.Name)
	// Output: <nil> Ada
}

func ExampleGetUserRecommendations() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.On("fetchUserRecommendations", func(context.Context, json.RawMessage) (any, error) {
		return json.RawMessage(`[{"name":"Ada"},{"name":"Adam"}]`), nil
	})
	type user struct{ Name string }
	users, err := product.GetUserRecommendations[[]user](host.Context(nil), "Ad")
	fmt.Println(err, users)
	// Output: <nil> [{Ada} {Adam}]
}
