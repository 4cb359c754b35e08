package main

import (
	"honnef.co/go/js/dom/v2"
)

// row is one task in the list.
type row struct {
	task task
	// busy is set while a change of the task is under way: one at a time.
	busy bool

	item, remove *dom.BasicHTMLElement
	checkbox     *dom.HTMLInputElement
}

func newRow(template *dom.HTMLTemplateElement, t task) *row {
	item := copyOf(template)
	r := &row{
		item:     item,
		remove:   part(item, "button"),
		checkbox: &dom.HTMLInputElement{BasicHTMLElement: part(item, "input")},
	}
	item.SetAttribute("data-id", t.ID)
	part(item, ".name").SetTextContent(t.Name)
	r.remove.SetAttribute("aria-label", "Delete "+t.Name)
	r.show(t)
	return r
}

// show takes over what the backend says about the task. Its name and id never change.
func (r *row) show(t task) {
	r.task = t
	r.checkbox.SetChecked(t.Done)
}

// begin marks the row as busy because of the control; end undoes it.
func (r *row) begin(control dom.Element) {
	r.busy = true
	setBusy(control, true)
	setFlag(r.checkbox, "aria-disabled", true)
	setFlag(r.remove, "aria-disabled", true)
}

func (r *row) end() {
	r.busy = false
	setBusy(r.checkbox, false)
	setBusy(r.remove, false)
}
