package main

import (
	"context"
	"slices"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/wasm"
)

// remove deletes a note after the user has agreed in a dialog.
func (p *notesPage) remove(ctx context.Context, id string) error {
	i := slices.IndexFunc(p.notes, func(n Note) bool { return n.ID == id })
	if i < 0 {
		return nil // somebody else has deleted it
	}
	if _, err := modal.Ask[bool](ctx, modal.Modal{Resource: "main/confirm", Size: modal.Small, Context: p.notes[i]}); err != nil {
		return err // modal.ErrDismissed if the user closed the dialog; no notice shows that
	}
	if err := bridge.Delete(ctx, "notes-api", "/notes/"+id); err != nil {
		return err
	}
	p.show(slices.DeleteFunc(p.notes, func(n Note) bool { return n.ID == id }))
	return nil
}

// confirm is the page in the dialog.
func confirm(ctx context.Context, doc dom.Document) error {
	note, err := modal.GetContext[Note](ctx)
	if err != nil {
		return err
	}
	doc.GetElementByID("question").SetTextContent("Delete “" + note.Title + "”?")
	wasm.Listen(ctx, doc.GetElementByID("yes"), "click", func(ctx context.Context, _ js.Value) error {
		return view.Close(ctx, true)
	})
	wasm.Listen(ctx, doc.GetElementByID("no"), "click", func(ctx context.Context, _ js.Value) error {
		return view.Close(ctx, nil) // without a value, as if the user closed the dialog
	})
	return nil
}
