package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// listen forwards the user's actions on the tasks. It uses two listeners for all rows, so that a removed row leaves no
// listener behind.
func (l *list) listen(page *tasks.Page) {
	l.box.AddEventListener("click", false, func(event dom.Event) {
		if r := l.rowOf(event.Target()); r != nil {
			r.clicked(page, event)
		}
	})
	l.box.AddEventListener("change", false, func(event dom.Event) {
		if r := l.rowOf(event.Target()); r != nil {
			r.changed(page, event.Target())
		}
	})
}

// rowOf returns the row that holds the element; nil if none does.
func (l *list) rowOf(e dom.Element) *row {
	item := e.Underlying().Call("closest", "li")
	if item.IsNull() {
		return nil
	}
	return l.find(element(item).GetAttribute("data-id"))
}

func (r *row) clicked(page *tasks.Page, event dom.Event) {
	id := r.id()
	isIn := func(e dom.Element) bool { return e.Contains(event.Target()) }
	switch {
	case isIn(r.attach):
		if !r.hasFiles || !r.shown.IsIdle() {
			event.PreventDefault() // the choice of a file stays closed
		}
	case r.file != nil && isIn(r.file.cancel):
		page.Cancel(id)
	case r.file != nil && isIn(r.file.download):
		start(func(ctx context.Context) { page.Download(ctx, id) })
	case isIn(r.details):
		start(func(ctx context.Context) { page.OpenDetails(ctx, id) })
	case r.shown.Busy != tasks.None:
		event.PreventDefault() // a checkbox stays as it is
	case r.file != nil && isIn(r.file.remove):
		start(func(ctx context.Context) { page.RemoveFile(ctx, id) })
	case isIn(r.remove):
		start(func(ctx context.Context) { page.Delete(ctx, id) })
	}
}

func (r *row) changed(page *tasks.Page, target dom.Element) {
	id := r.id()
	if r.attach.Contains(target) {
		if picked, ok := pickedIn(r.attach); ok {
			start(func(ctx context.Context) { page.Attach(ctx, id, picked) })
		}
		return
	}
	done := r.checkbox.Checked()
	start(func(ctx context.Context) { page.SetDone(ctx, id, done) })
}
