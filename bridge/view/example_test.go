//go:build !js

package view_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/view"
)

func ExampleGetContext() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.SetContext(map[string]any{"locale": "de-DE", "extension": map[string]any{"issue": map[string]string{"key": "FT-3"}}})
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	here, err := view.GetContext(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var issue struct{ Key string }
	if ok, err := here.Extension.Decode("issue", &issue); ok && err == nil {
		fmt.Println(issue.Key, "in", here.Locale)
	}
	// Output: FT-3 in de-DE
}

func ExampleSubmit() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	if err := view.Submit(host.Context(nil), "new value"); err != nil {
		fmt.Println("The field keeps its value:", err)
	}
	fmt.Printf("%s\n", host.Window("").Submitted())
	// Output: ["new value"]
}

func ExampleClose() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := view.Close(host.Context(nil), map[string]bool{"saved": true})
	if errors.Is(err, view.ErrNotClosable) {
		fmt.Println("The app is in no modal.")
		return
	}
	value, closed := host.Window("").Closed()
	fmt.Printf("%v: %s\n", closed, value)
	// Output: true: {"saved":true}
}

func ExampleNewHistory() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetModule("tasks", "jira:globalPage")
	ctx := host.Context(nil)
	history, err := view.NewHistory(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	shown := make(chan string)
	stop := history.Listen(ctx, func(ctx context.Context, change view.Change, err error) error {
		if err != nil {
			return err
		}
		shown <- change.Location.Pathname
		return nil
	})
	defer stop()
	err = history.Push(ctx, "/tasks/42", nil)
	fmt.Println("showing", <-shown, err)
	// Output: showing /tasks/42 <nil>
}

func ExampleEnableTheme() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	// Before anything is drawn, so that the first colors are right.
	fmt.Println(view.EnableTheme(host.Context(nil)))
	// Output: <nil>
}

func ExampleOnClose() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	closed := make(chan bool)
	stop, err := view.OnClose(host.Context(nil), func(context.Context) error { closed <- true; return nil })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	host.Window("").Close() // the user
	fmt.Println("closed:", <-closed)
	// Output: closed: true
}
