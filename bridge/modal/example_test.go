//go:build !js

package modal_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/modal"
)

func ExampleOpen() {
	ctx := context.Background() // in an app, the one of wasm.Run
	err := modal.Open(ctx, modal.Modal{
		Resource: "task",
		Size:     modal.Large,
		Title:    "Task 42",
		Context:  map[string]int{"task": 42},
	})
	if err != nil {
		fmt.Println(err)
	}
}

func ExampleAsk() {
	name, err := modal.Ask[string](context.Background(), modal.Modal{Resource: "rename", Size: modal.Small})
	switch {
	case errors.Is(err, modal.ErrDismissed):
		fmt.Println("The user closed it.")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println("The new name is", name)
	}
}

func ExampleContext() {
	host := &stubhost.Host{Answers: map[string]string{"getContext": `{"extension":{"modal":{"task":42}}}`}}
	ctx := bridge.NewContext(context.Background(), bridge.New(host)) // an app needs neither
	opened, err := modal.Context[struct{ Task int }](ctx)
	fmt.Println(opened.Task, err)
	// Output: 42 <nil>
}
