//go:build !js

package product_test

import (
	"context"
	"fmt"
	"net/url"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/product"
)

// issues stands in for a product's page.
func issues(call bridge.Call) (bridge.Answer, error) {
	if call.Command == "requestTeamworkGraph" {
		return bridge.Answer{Payload: []byte(`{"data":{"me":{"user":{"name":"Ada"}}}}`)}, nil
	}
	return bridge.Answer{Payload: []byte(`{"status":200}`), Body: []byte(`{"fields":{"summary":"Write it in Go"}}`)}, nil
}

func ExampleJira() {
	ctx := bridge.NewContext(context.Background(), bridge.New(hostFunc(issues))) // in an app, the one of wasm.Run
	type issue struct {
		Fields struct{ Summary string }
	}
	got, err := bridge.Get[issue](ctx, product.Jira, "/rest/api/3/issue/"+url.PathEscape("DEMO-1"))
	fmt.Println(err, got.Fields.Summary)
	// Output: <nil> Write it in Go
}

func ExampleTeamworkGraph() {
	ctx := bridge.NewContext(context.Background(), bridge.New(hostFunc(issues)))
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
