package main

import (
	"context"
	"errors"
	"strconv"
	"syscall/js"

	"github.com/forgego/forgego/wasm"
)

// events listens to buttons, each of which does one thing that may fail.
func events(context.Context) error {
	export()
	saves := 0
	button("Save", func(context.Context, js.Value) error {
		saves++
		if saves == 3 {
			return nil
		}
		return errors.New("The title is missing. (" + strconv.Itoa(saves) + ")")
	})
	button("Delete", func(context.Context, js.Value) error { return errors.New("You may not delete this note.") })
	button("Panic", func(context.Context, js.Value) error { panic("the disk is full") })
	button("Count", func(context.Context, js.Value) error { return nil })
	return nil
}

func button(name string, click func(ctx context.Context, event js.Value) error) {
	b := js.Global().Get("document").Call("createElement", "button")
	b.Set("textContent", name)
	js.Global().Get("document").Get("body").Call("append", b)
	wasm.Listen(b, "click", click)
}
