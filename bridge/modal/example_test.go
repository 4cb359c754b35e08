//go:build !js

package modal_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/modal"
)

func ExampleModal_Open() {
	ctx := context.Background() // in an app, the one of wasm.Run
	err := modal.Modal{
		Resource: "task",
		Size:     modal.Large,
		Title:    "Task 42",
		Context:  map[string]int{"task": 42},
		OnClose:  func(value json.RawMessage) { fmt.Printf("closed with %s\n", value) },
	}.Open(ctx)
	if err != nil {
		fmt.Println(err)
	}
}

func ExampleModal_Ask() {
	value, err := modal.Modal{Resource: "confirm", Size: modal.Small}.Ask(context.Background())
	switch {
	case err != nil:
		fmt.Println(err)
	case value == nil:
		fmt.Println("The user closed it.")
	default:
		fmt.Printf("The user chose %s.\n", value)
	}
}

func ExampleContext() {
	host := &stubhost.Host{Answers: map[string]string{"getContext": `{"extension":{"modal":{"task":42}}}`}}
	ctx := bridge.NewContext(context.Background(), bridge.New(host)) // an app needs neither
	opened, err := modal.Context[struct{ Task int }](ctx)
	fmt.Println(opened.Task, err)
	// Output: 42 <nil>
}
