//go:build !js

package modal_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/modal"
)

func ExampleAsk() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.OnDialog(func(d *bridgetest.Dialog) { d.Submit("Buy oat milk") }) // the page in the dialog calls view.Close
	ctx := host.Context(nil)                                               // in an app, the one of wasm.Run

	name, err := modal.Ask[string](ctx, modal.Modal{Resource: "rename", Size: modal.Small})
	switch {
	case errors.Is(err, modal.ErrDismissed):
		fmt.Println("The user closed it.")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println("The new name is", name)
	}
	// Output: The new name is Buy oat milk
}

func ExampleOpen() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := modal.Open(host.Context(nil), modal.Modal{
		Resource: "task",
		Size:     modal.Large,
		Title:    "Task 42",
		Context:  map[string]int{"task": 42},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("open:", host.Dialog(nil).Title)
	// Output: open: Task 42
}

func ExampleWithOnClose() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	closed := make(chan string)
	err := modal.Open(host.Context(nil), modal.Modal{Resource: "rename"}, modal.WithOnClose(func(_ context.Context, name string, err error) error {
		if errors.Is(err, modal.ErrDismissed) {
			name = "the user closed it"
		}
		closed <- name
		return err
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	host.Dialog(nil).Dismiss()
	fmt.Println(<-closed)
	// Output: the user closed it
}

func ExampleGetContext() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	if err := modal.Open(host.Context(nil), modal.Modal{Context: map[string]int{"task": 42}}); err != nil {
		fmt.Println(err)
		return
	}
	ctx := host.Dialog(nil).Window().Context(nil) // that of the page in the dialog
	opened, err := modal.GetContext[struct{ Task int }](ctx)
	fmt.Println(opened.Task, err)
	// Output: 42 <nil>
}
