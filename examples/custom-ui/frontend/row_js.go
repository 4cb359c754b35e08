package main

import (
	"context"

	"honnef.co/go/js/dom/v2"
)

// row is one task in the list.
type row struct {
	task task
	// busy is set while a change of the task is under way: one at a time.
	busy bool
	// transfer is the file that is on its way; nil if none is.
	transfer *transfer

	item, remove     *dom.BasicHTMLElement
	checkbox, attach *dom.HTMLInputElement
	// file is the line about the file; nil if there is nothing to tell.
	file         *fileLine
	fileTemplate *dom.HTMLTemplateElement
}

// transfer is a file on its way to the backend or from there.
type transfer struct {
	isUpload bool
	name     string
	size     int64
	cancel   context.CancelCauseFunc
}

func newRow(template, fileTemplate *dom.HTMLTemplateElement, t task, canAttach bool) *row {
	item := copyOf(template)
	r := &row{
		item:     item,
		remove:   part(item, ".delete"),
		checkbox: &dom.HTMLInputElement{BasicHTMLElement: part(item, "[type=checkbox]")},
		attach:   &dom.HTMLInputElement{BasicHTMLElement: part(item, "[type=file]")},

		fileTemplate: fileTemplate,
	}
	item.SetAttribute("data-id", t.ID)
	part(item, ".name").SetTextContent(t.Name)
	r.remove.SetAttribute("aria-label", "Delete "+t.Name)
	r.attach.SetAttribute("aria-label", "Attach file to "+t.Name)
	r.show(t, canAttach)
	return r
}

// show takes over what the backend says about the task. Its name and id never change.
func (r *row) show(t task, canAttach bool) {
	r.task = t
	r.checkbox.SetChecked(t.Done)
	r.showFile(canAttach)
}

// begin marks the row as busy because of the control; end undoes it.
func (r *row) begin(control dom.Element) {
	r.busy = true
	setBusy(control, true)
	setFlag(r.checkbox, "aria-disabled", true)
	setFlag(r.remove, "aria-disabled", true)
}

func (r *row) end(control dom.Element) {
	setBusy(control, false)
	r.busy = false
	setFlag(r.checkbox, "aria-disabled", false)
	setFlag(r.remove, "aria-disabled", false)
}
