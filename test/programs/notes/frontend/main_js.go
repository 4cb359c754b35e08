// Program frontend is the code of docs/frontend.md. A test checks that the page quotes these files.
package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

type Note struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	doc := dom.GetWindow().Document()
	if doc.GetElementByID("question") != nil { // confirm.html
		return confirm(ctx, doc)
	}
	page := &notesPage{doc: doc, box: doc.GetElementByID("notes")}
	page.listen(ctx)
	onNextFrame(ctx, page.load)
	wasm.Go(ctx, page.follow)
	return nil
}

// notesPage is the page with its notes.
type notesPage struct {
	doc   dom.Document
	box   dom.Element
	notes []Note
}

func (p *notesPage) load(ctx context.Context) error {
	notes, err := bridge.Get[[]Note](ctx, "notes-api", "/notes")
	if err != nil {
		return err
	}
	p.show(notes)
	return nil
}

func (p *notesPage) show(notes []Note) {
	p.notes = notes
	showList(p.doc, p.doc.GetElementByID("list"), notes)
	p.box.SetInnerHTML(rows(notes).Render())
}
