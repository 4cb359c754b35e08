package main

import (
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// view is the screen of the page. Each of its parts shows a part of the state, and changes in the document only what has
// changed in the state.
type view struct {
	page *tasks.Page

	doc      dom.HTMLDocument
	where    *where
	status   *text
	ways     *wayChoice
	field    *field
	list     *list
	failures *failures
	live     *live
	token    *tokenPanel
}

func newView(doc dom.HTMLDocument, words *tasks.Words) *view {
	return &view{
		doc:      doc,
		where:    newWhere(doc, "where"),
		status:   newText(doc, "status"),
		ways:     newWayChoice(doc),
		field:    newField(doc, "add", "name", "add-button"),
		list:     newList(doc, words),
		failures: newFailures(doc, "failures"),
		live:     newLive(doc),
		token:    newTokenPanel(doc),
	}
}

// listen forwards the user's actions from now on.
func (v *view) listen() {
	v.where.listen(v.page.OpenProductPage)
	v.field.listen(v.page.Edit, v.page.Add)
	v.ways.listen(v.page)
	v.list.listen(v.page)
	v.failures.listen(v.page.Retry, v.page.Dismiss)
	v.token.listen(v.page)
}

// Show shows the state.
func (v *view) Show(s tasks.State) {
	v.where.show(s.Where, s.Where.Text)
	v.status.show(s.Status)
	v.ways.show(s)
	v.field.show(s.Field, s.Loaded)
	v.list.show(s)
	v.failures.show(s.Failures)
	v.live.show(s)
	v.token.show(s.Token)
	v.focus(s.Focus)
}

// Save makes the browser save a file.
func (v *view) Save(name string, data []byte) { save(v.doc, name, data) }
