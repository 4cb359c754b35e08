package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// dropZone takes all files that the user drops on the page. Otherwise the browser would open them.
type dropZone struct {
	list *list
	// over is the row under the files; nil if there is none.
	over *row
}

func (z *dropZone) listen(doc dom.HTMLDocument, page *tasks.Page) {
	on(doc, "dragover", func(_ context.Context, event js.Value) {
		if isOfFiles(event) {
			event.Call("preventDefault")
			z.mark(z.list.rowOf(event.Get("target")))
		}
	})
	on(doc, "dragleave", func(_ context.Context, event js.Value) {
		if event.Get("relatedTarget").IsNull() { // they have left the page
			z.mark(nil)
		}
	})
	on(doc, "drop", func(ctx context.Context, event js.Value) {
		if !isOfFiles(event) {
			return
		}
		event.Call("preventDefault")
		z.mark(nil)
		id := ""
		if r := z.list.rowOf(event.Get("target")); r != nil {
			id = r.id()
		}
		page.Drop(ctx, id, droppedIn(event.Get("dataTransfer")))
	})
}

// mark marks the row that gets the file.
func (z *dropZone) mark(r *row) {
	if r == z.over {
		return
	}
	if z.over != nil {
		z.over.item.RemoveAttribute("data-over")
	}
	if z.over = r; r != nil {
		r.item.SetAttribute("data-over", "")
	}
}

// isOfFiles reports whether the user drags files, and not a text or a link.
func isOfFiles(drag js.Value) bool {
	return drag.Get("dataTransfer").Get("types").Call("includes", "Files").Bool()
}

// droppedIn returns the files and folders of a drop.
func droppedIn(transfer js.Value) (dropped tasks.Dropped) {
	items := transfer.Get("items")
	for i := range items.Length() {
		item := items.Index(i)
		if item.Get("kind").String() != "file" {
			continue
		}
		entry := item.Call("webkitGetAsEntry")
		if !entry.IsNull() && entry.Get("isDirectory").Bool() {
			dropped.Folders = append(dropped.Folders, entry.Get("name").String())
			continue
		}
		dropped.Files = append(dropped.Files, wasm.Files(item.Call("getAsFile"))...)
	}
	return dropped
}
