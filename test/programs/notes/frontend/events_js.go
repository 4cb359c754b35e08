package main

import (
	"context"
	"errors"
	"slices"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/wasm"
)

func (p *notesPage) listen(ctx context.Context) {
	title := p.doc.GetElementByID("title").(*dom.HTMLInputElement)
	wasm.Listen(ctx, p.doc.GetElementByID("add"), "submit", func(ctx context.Context, _ js.Value) error {
		return p.add(ctx, title.Value())
	}, wasm.WithPreventDefault(), wasm.WithSkipWhileRunning())

	wasm.Listen(ctx, p.box, "click", func(ctx context.Context, event js.Value) error {
		button := event.Get("target").Call("closest", "[data-delete]")
		if button.IsNull() {
			return nil
		}
		return p.remove(ctx, button.Get("dataset").Get("delete").String())
	})

	wasm.Listen(ctx, p.doc.GetElementByID("flags"), "change", func(context.Context, js.Value) error {
		showErrorsAsFlags()
		return nil
	})
	wasm.Listen(ctx, p.doc.GetElementByID("copy"), "click", func(ctx context.Context, _ js.Value) error {
		return copyText(ctx, p.box.TextContent())
	})
	p.listenToFiles(ctx)
}

func (p *notesPage) add(ctx context.Context, title string) error {
	if title == "" {
		return errors.New("the title is missing")
	}
	note, err := bridge.Post[Note](ctx, "notes-api", "/notes", bridge.JSON(Note{Title: title}))
	if err != nil {
		return err
	}
	// The event about this note can be faster than the answer. Then the note is in the list already.
	others := slices.DeleteFunc(slices.Clone(p.notes), func(n Note) bool { return n.ID == note.ID })
	p.show(append(others, note))
	return nil
}

// showErrorsAsFlags shows errors in the product's own style, above its page.
func showErrorsAsFlags() {
	wasm.OnError(func(ctx context.Context, err error) {
		_, _ = flag.Show(ctx, flag.Flag{ID: "error", Type: flag.Error, Title: bridge.Message(err)})
	})
}
