package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"syscall/js"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// events listens to buttons, each of which does one thing that may fail.
func events(ctx context.Context) error {
	export()
	saves := 0
	button(ctx, "Save", func(context.Context, js.Value) error {
		saves++
		if saves == 3 {
			return nil
		}
		return errors.New("the title is missing (" + strconv.Itoa(saves) + ")")
	})
	button(ctx, "Delete", func(context.Context, js.Value) error { return errors.New("you may not delete <b>this</b> note") })
	button(ctx, "Panic", func(context.Context, js.Value) error { panic("the disk is full") })
	button(ctx, "Long", func(context.Context, js.Value) error { return errors.New(strings.Repeat("x", 2000)) })
	button(ctx, "Count", func(context.Context, js.Value) error { return nil })
	return nil
}

// handlers sets functions that JavaScript calls directly, and that end the program.
func handlers(context.Context) error {
	for name, f := range map[string]func(){
		"waits":  func() { <-make(chan bool) },
		"panics": func() { panic("the disk is full") },
		"calls": func() {
			_, _ = bridge.RequestRemote(context.Background(), "remote", bridge.Request{Path: "/"})
		},
		"goes": func() { go panic("the disk is full") },
	} {
		js.Global().Set(name, js.FuncOf(func(js.Value, []js.Value) any {
			f()
			return nil
		}))
	}
	return nil
}

func button(ctx context.Context, name string, click func(ctx context.Context, event js.Value) error) {
	b := js.Global().Get("document").Call("createElement", "button")
	b.Set("textContent", name)
	js.Global().Get("document").Get("body").Call("append", b)
	wasm.Listen(ctx, b, "click", click)
}
