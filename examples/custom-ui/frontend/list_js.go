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
	template, fileTemplate   *dom.HTMLTemplateElement
	summary, skeleton, empty dom.HTMLElement
	// canAttach is set while files can be sent.
	canAttach bool
}

func newList(doc dom.HTMLDocument) *list {
	return &list{
		box:      find[*dom.HTMLUListElement](doc, "tasks"),
		template: find[*dom.HTMLTemplateElement](doc, "task"),

		fileTemplate: find[*dom.HTMLTemplateElement](doc, "file"),
		summary:      find[dom.HTMLElement](doc, "summary"),
		skeleton:     find[dom.HTMLElement](doc, "skeleton"),
		empty:        find[dom.HTMLElement](doc, "empty"),
	}
}

// setLoading shows or hides the skeleton.
func (l *list) setLoading(loading bool) {
	setFlag(l.box, "aria-busy", loading)
	setHidden(l.skeleton, !loading)
}

// insert shows the tasks, the first as the i-th, all at once.
func (l *list) insert(i int, tasks ...task) {
	rows := make([]*row, len(tasks))
	items := make([]any, len(tasks))
	for i, t := range tasks {
		rows[i] = newRow(l.template, l.fileTemplate, t, l.canAttach)
		items[i] = rows[i].item.Value
	}
	if i < len(l.rows) {
		l.rows[i].item.Call("before", items...)
	} else {
		l.box.Call("append", items...)
	}
	l.rows = slices.Insert(l.rows, i, rows...)
	l.update()
}

// show shows a task, which is there, as it is now.
func (l *list) show(t task) {
	if r := l.find(t.ID); r != nil {
		r.show(t, l.canAttach)
		l.update()
	}
}

// setCanAttach enables or disables what can be done with files.
func (l *list) setCanAttach(can bool) {
	l.canAttach = can
	for _, r := range l.rows {
		r.showFile(can)
	}
}

// find gives the task's row; nil if it is not there.
func (l *list) find(id string) *row {
	if i := slices.IndexFunc(l.rows, func(r *row) bool { return r.task.ID == id }); i >= 0 {
		return l.rows[i]
	}
	return nil
}

// remove takes the row away and gives the one that takes its place; nil if it was the last.
func (l *list) remove(r *row) (next *row) {
	i := slices.Index(l.rows, r)
	if i < 0 {
		return nil
	}
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
