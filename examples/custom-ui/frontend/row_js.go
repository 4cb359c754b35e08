package main

import (
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// row is one task in the list.
type row struct {
	shown tasks.Row
	// hasFiles is set while files can be sent.
	hasFiles bool

	words                       *tasks.Words
	item, name, details, remove *dom.BasicHTMLElement
	checkbox, attach            *dom.HTMLInputElement
	// file is the line about the file; nil if there is none.
	file         *fileLine
	fileTemplate *dom.HTMLTemplateElement
}

func newRow(template, fileTemplate *dom.HTMLTemplateElement, words *tasks.Words, now tasks.Row, hasFiles bool) *row {
	item := copyOf(template)
	r := &row{
		words:    words,
		item:     item,
		name:     part(item, ".name"),
		details:  part(item, ".details"),
		remove:   part(item, ".delete"),
		checkbox: &dom.HTMLInputElement{BasicHTMLElement: part(item, "[type=checkbox]")},
		attach:   &dom.HTMLInputElement{BasicHTMLElement: part(item, "[type=file]")},

		fileTemplate: fileTemplate,
	}
	item.SetAttribute("data-id", now.Task.ID)
	r.show(now, hasFiles)
	return r
}

func (r *row) id() string { return r.shown.Task.ID }

func (r *row) show(now tasks.Row, hasFiles bool) {
	was, had := r.shown, r.hasFiles
	if now == was && hasFiles == had {
		return
	}
	r.shown, r.hasFiles = now, hasFiles
	if now.Task.Name != was.Task.Name {
		r.showName()
	}
	if now.Done != was.Done {
		r.checkbox.SetChecked(now.Done)
	}
	if now.Busy != was.Busy {
		r.showBusy()
	}
	r.showFile()
}

func (r *row) showName() {
	name := r.shown.Task.Name
	r.name.SetTextContent(name)
	r.details.SetAttribute("aria-label", r.words.Text("row.details", "name", name))
	r.remove.SetAttribute("aria-label", r.words.Text("row.delete", "name", name))
	r.attach.SetAttribute("aria-label", r.words.Text("row.attach", "name", name))
}

// showBusy marks the control whose work is in progress. The task's other controls wait. They keep the focus, which a
// disabled control would lose.
func (r *row) showBusy() {
	busy := r.shown.Busy
	setFlag(r.checkbox, "aria-busy", busy == tasks.Checkbox)
	setFlag(r.remove, "aria-busy", busy == tasks.Delete)
	setFlag(r.checkbox, "aria-disabled", busy != tasks.None)
	setFlag(r.remove, "aria-disabled", busy != tasks.None)
}

// focus moves the focus to the row or to one of its controls.
func (r *row) focus(part tasks.Part) {
	switch part {
	case tasks.CheckboxPart:
		r.checkbox.Focus()
	case tasks.DeletePart:
		r.remove.Focus()
	case tasks.DetailsPart:
		r.details.Focus()
	default:
		r.item.SetAttribute("tabindex", "-1")
		r.item.Focus()
	}
}
