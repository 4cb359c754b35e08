package main

import (
	"context"
	"slices"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// list is the list of tasks, or the text in its place if there are none.
type list struct {
	rows  []*row
	words *tasks.Words

	box                    *dom.HTMLUListElement
	template, fileTemplate *dom.HTMLTemplateElement
	summary                *text
	skeleton, empty        *hideable
	// hasFiles is set while files can be sent.
	hasFiles bool
}

func newList(doc dom.HTMLDocument, words *tasks.Words) *list {
	return &list{
		words:        words,
		box:          find[*dom.HTMLUListElement](doc, "tasks"),
		template:     find[*dom.HTMLTemplateElement](doc, "task"),
		fileTemplate: find[*dom.HTMLTemplateElement](doc, "file"),
		summary:      newText(doc, "summary"),
		skeleton:     newHideable(doc, "skeleton"),
		empty:        newHideable(doc, "empty"),
	}
}

func (l *list) show(s tasks.State) {
	if s.Loading == l.skeleton.hidden {
		setFlag(l.box, "aria-busy", s.Loading)
	}
	l.skeleton.show(!s.Loading)
	l.hasFiles = s.HasFiles()
	l.drop(s.Rows)
	l.insert(s.Rows)
	for i, r := range s.Rows {
		l.rows[i].show(r, l.hasFiles)
	}
	l.empty.show(!s.IsEmpty())
	l.summary.show(s.Words.Summary(s))
}

// drop removes the rows of tasks that are gone or have moved.
func (l *list) drop(now []tasks.Row) {
	i := 0
	for i < len(l.rows) && i < len(now) && l.rows[i].id() == now[i].Task.ID {
		i++
	}
	if i == len(l.rows) {
		return
	}
	at := make(map[string]int, len(now))
	for n, r := range now {
		at[r.Task.ID] = n
	}
	last := -1
	rest := slices.DeleteFunc(l.rows[i:], func(r *row) bool {
		n, isThere := at[r.id()]
		if !isThere || n < last {
			r.item.Remove()
			return true
		}
		last = n
		return false
	})
	l.rows = l.rows[:i+len(rest)]
}

// insert adds the missing rows. It adds neighbours in one step. The existing rows are in order.
func (l *list) insert(now []tasks.Row) {
	for i := 0; i < len(now); i++ {
		if i < len(l.rows) && l.rows[i].id() == now[i].Task.ID {
			continue
		}
		var rows []*row
		var items []any
		for _, r := range now[i:] {
			if i < len(l.rows) && l.rows[i].id() == r.Task.ID {
				break
			}
			more := newRow(l.template, l.fileTemplate, l.words, r, l.hasFiles)
			rows, items = append(rows, more), append(items, more.item.Value)
		}
		if i < len(l.rows) {
			l.rows[i].item.Call("before", items...)
		} else {
			l.box.Call("append", items...)
		}
		l.rows = slices.Insert(l.rows, i, rows...)
		i += len(rows) - 1
	}
}

// find returns the task's row; nil if it is not there.
func (l *list) find(id string) *row {
	if i := slices.IndexFunc(l.rows, func(r *row) bool { return r.id() == id }); i >= 0 {
		return l.rows[i]
	}
	return nil
}

// listen forwards the user's actions on the tasks. It uses two listeners for all rows, so that a removed row leaves no
// listener behind.
func (l *list) listen(ctx context.Context, page *tasks.Page) {
	on(ctx, l.box, "click", func(ctx context.Context, event js.Value) {
		if r := l.rowOf(event.Get("target")); r != nil {
			r.clicked(ctx, page, event)
		}
	})
	on(ctx, l.box, "change", func(ctx context.Context, event js.Value) {
		if r := l.rowOf(event.Get("target")); r != nil {
			r.changed(ctx, page, event.Get("target"))
		}
	})
}

// rowOf returns the row that holds the element; nil if none does.
func (l *list) rowOf(e js.Value) *row {
	item := e.Call("closest", "li")
	if item.IsNull() {
		return nil
	}
	return l.find(element(item).GetAttribute("data-id"))
}
