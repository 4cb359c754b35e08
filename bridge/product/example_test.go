//go:build !js

package product_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/product"
)

// people stands in for a product's page.
func people(call bridge.Call) (bridge.Answer, error) {
	if call.Command == "requestTeamworkGraph" {
		return bridge.Answer{Payload: []byte(`{"data":{"me":{"user":{"name":"Ada"}}}}`)}, nil
	}
	return bridge.Answer{Payload: []byte(`[{"name":"Ada"},{"name":"Adam"}]`)}, nil
}

func ExampleTeamworkGraph() {
	ctx := bridge.NewContext(context.Background(), bridge.New(hostFunc(people))) // in an app, the one of wasm.Run
	type data struct {
		Me struct{ User struct{ Name string } }
	}
	result, err := product.TeamworkGraph[data](ctx, "query { me { user { name } } }", nil)
	if err == nil {
		err = result.Err()
	}
	fmt.Println(err, result.Data.Me.User.Name)
	// Output: <nil> Ada
}

func ExampleUserRecommendations() {
	ctx := bridge.NewContext(context.Background(), bridge.New(hostFunc(people)))
	type user struct{ Name string }
	users, err := product.UserRecommendations[[]user](ctx, "Ad")
	fmt.Println(err, users)
	// Output: <nil> [{Ada} {Adam}]
}
