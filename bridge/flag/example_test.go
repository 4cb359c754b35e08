//go:build !js

package flag_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/flag"
)

func ExampleShow() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run

	undone := make(chan bool)
	_, err := flag.Show(ctx, flag.Flag{
		ID:          "deleted-42",
		Title:       "Task deleted",
		Description: "Buy milk",
		Type:        flag.Success,
		Actions:     []flag.Action{{Text: "Undo", OnClick: func(context.Context) error { undone <- true; return nil }}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	host.Flags()[0].Click("Undo") // the user
	fmt.Println("undone:", <-undone)
	// Output: undone: true
}

func ExampleShown_Close() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	shown, err := flag.Show(ctx, flag.Flag{ID: "saving", Title: "Saving…"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(host.Flags()), "flag")
	fmt.Println(shown.Close(ctx), len(host.Flags()), "flags")
	// Output:
	// 1 flag
	// <nil> 0 flags
}
