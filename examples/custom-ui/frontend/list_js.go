package main

import (
	"fmt"
	"slices"

	"honnef.co/go/js/dom/v2"
)

// list is the list of tasks, in the order of the backend, with what stands in its place while there are none.
type list struct {
	rows []*row

	box                      *dom.HTMLUListElement
	template                 *dom.HTMLTemplateElement
	summary, skeleton, empty dom.HTMLElement
}

func newList(doc dom.HTMLDocument) *list {
	return &list{
		box:      find[*dom.HTMLUListElement](doc, "tasks"),
		template: find[*dom.HTMLTemplateElement](doc, "task"),
		summary:  find[dom.HTMLElement](doc, "summary"),
		skeleton: find[dom.HTMLElement](doc, "skeleton"),
		empty:    find[dom.HTMLElement](doc, "empty"),
	}
}

// setLoading shows or hides the skeleton.
func (l *list) setLoading(loading bool) {
	setFlag(l.box, "aria-busy", loading)
	setHidden(l.skeleton, !loading)
}

// fill shows the tasks, all at once.
func (l *list) fill(tasks []task) {
	items := make([]any, len(tasks))
	for i, t := range tasks {
		r := newRow(l.template, t)
		l.rows = append(l.rows, r)
		items[i] = r.item.Value
	}
	l.box.Call("append", items...)
	l.update()
}

// put shows a task: at the end, or in its place if it is there.
func (l *list) put(t task) {
	if i := slices.IndexFunc(l.rows, func(r *row) bool { return r.task.ID == t.ID }); i >= 0 {
		l.rows[i].show(t)
		l.update()
		return
	}
	l.fill([]task{t})
}

// remove takes the row away and gives the one that takes its place; nil if it was the last.
func (l *list) remove(r *row) (next *row) {
	i := slices.Index(l.rows, r)
	l.rows = slices.Delete(l.rows, i, i+1)
	r.item.Remove()
	l.update()
	if i < len(l.rows) {
		return l.rows[i]
	}
	return nil
}

// update makes the count and the words for an empty list true.
func (l *list) update() {
	setHidden(l.empty, len(l.rows) > 0)
	done := 0
	for _, r := range l.rows {
		if r.task.Done {
			done++
		}
	}
	text := ""
	if len(l.rows) > 0 {
		text = fmt.Sprintf("%d of %d done", done, len(l.rows))
	}
	l.summary.SetTextContent(text)
}

// rowOf gives the row that holds the element; nil if none does.
func (l *list) rowOf(e dom.Element) *row {
	item := e.Underlying().Call("closest", "li")
	i := slices.IndexFunc(l.rows, func(r *row) bool { return r.item.Equal(item) })
	if i < 0 {
		return nil
	}
	return l.rows[i]
}
