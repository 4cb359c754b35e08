package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// dropZone takes all files that the user drops on the page. Otherwise the browser would open them.
type dropZone struct {
	list *list
	// over is the row under the files; nil if there is none.
	over *row
}

func (z *dropZone) listen(doc dom.HTMLDocument, page *tasks.Page) {
	doc.AddEventListener("dragover", false, func(event dom.Event) {
		if isOfFiles(event) {
			event.PreventDefault()
			z.mark(z.list.rowOf(event.Target()))
		}
	})
	doc.AddEventListener("dragleave", false, func(event dom.Event) {
		if event.Underlying().Get("relatedTarget").IsNull() { // they have left the page
			z.mark(nil)
		}
	})
	doc.AddEventListener("drop", false, func(event dom.Event) {
		if !isOfFiles(event) {
			return
		}
		event.PreventDefault()
		z.mark(nil)
		id := ""
		if r := z.list.rowOf(event.Target()); r != nil {
			id = r.id()
		}
		dropped := droppedIn(event.Underlying().Get("dataTransfer"))
		start(func(ctx context.Context) { page.Drop(ctx, id, dropped) })
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
func isOfFiles(drag dom.Event) bool {
	return drag.Underlying().Get("dataTransfer").Get("types").Call("includes", "Files").Bool()
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
		if file := item.Call("getAsFile"); !file.IsNull() {
			dropped.Files = append(dropped.Files, picked(file))
		}
	}
	return dropped
}
