//go:build !js

package bridge_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

type task struct {
	Name string `json:"name"`
}

func ExampleRequestRemote() {
	ctx := context.Background()
	resp, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "POST",
		Path:   "/tasks/?team=Forge",
		Header: bridge.Header{"X-Source": {"custom-ui"}},
		Body:   bridge.JSON(task{Name: "My cool Forge task"}),
	})
	if errors.Is(err, bridge.ErrNoBridge) {
		fmt.Println("not in a page")
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	if !resp.OK() {
		fmt.Println(resp.Err())
		return
	}
	var created task
	fmt.Println(resp.JSON(&created), created.Name)
	// Output: not in a page
}

func ExampleNew() {
	// With your own host, front-end logic runs anywhere. This host greets.
	client := bridge.New(hostFunc(func(_ context.Context, call bridge.Call) (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"status":200}`), Body: []byte("hello")}, nil
	}))
	resp, err := bridge.RequestRemote(bridge.NewContext(context.Background(), client), "greeter", bridge.Request{Path: "/"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Text())
	// Output: hello <nil>
}

func ExampleInvokeRemote_rateLimit() {
	_, err := bridge.InvokeRemote(context.Background(), bridge.Request{Path: "/tasks"})
	var limited *bridge.RateLimitError
	if errors.As(err, &limited) {
		fmt.Println("try again in", limited.RetryAfter)
	}
}
