package view_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/forgego/forgego/bridge/view"
)

func ExampleGetContext() {
	ctx := context.Background() // in an app, the one of wasm.Run
	here, err := view.GetContext(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var issue struct{ Key string }
	if ok, err := here.Extension.Decode("issue", &issue); ok && err == nil {
		fmt.Println(issue.Key, "in", here.Locale)
	}
}

func ExampleClose() {
	ctx := context.Background()
	err := view.Close(ctx, map[string]bool{"saved": true})
	if errors.Is(err, view.ErrNotClosable) {
		fmt.Println("The app is in no modal.")
	}
}

func ExampleSubmit() {
	ctx := context.Background()
	if err := view.Submit(ctx, "new value"); err != nil {
		fmt.Println("The field keeps its value:", err)
	}
}

func ExampleNewHistory() {
	ctx := context.Background()
	history, err := view.NewHistory(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	show := func(at view.Location) { fmt.Println("showing", at.Pathname) }
	show(history.Location())
	stop := history.Listen(func(change view.Change, err error) {
		if err == nil {
			show(change.Location)
		}
	})
	defer stop()
	if err := history.Push(ctx, "/tasks/42", nil); err != nil {
		fmt.Println(err)
	}
}

func ExampleEnableTheme() {
	ctx := context.Background()
	// Before anything is drawn, so that the first colors are right.
	if err := view.EnableTheme(ctx); err != nil {
		fmt.Println(err)
	}
}

func ExampleOnClose() {
	ctx := context.Background()
	stop, err := view.OnClose(ctx, func() { fmt.Println("closed") })
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
}
