package main

import (
	"context"
	"syscall/js"
	"time"

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

func (z *dropZone) listen(ctx context.Context, doc dom.HTMLDocument, page *tasks.Page) {
	on(ctx, doc, "dragover", func(_ context.Context, event js.Value) {
		if isOfFiles(event) {
			event.Call("preventDefault")
			z.mark(z.list.rowOf(event.Get("target")))
		}
	})
	on(ctx, doc, "dragleave", func(_ context.Context, event js.Value) {
		if event.Get("relatedTarget").IsNull() { // they have left the page
			z.mark(nil)
		}
	})
	on(ctx, doc, "drop", func(ctx context.Context, event js.Value) {
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

// revokeTime is how long the bytes of a download are kept, because the browser reads them after the click.
const revokeTime = 10 * time.Second

// save makes the browser save the bytes as a file. Its media type is application/octet-stream, so that the browser does not
// show or run it.
func save(name string, data []byte) error {
	url, release, err := wasm.NewFile(name, "application/octet-stream", data).URL()
	if err != nil {
		return err
	}
	link := js.Global().Get("document").Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", name)
	link.Call("click")
	time.AfterFunc(revokeTime, release)
	return nil
}
