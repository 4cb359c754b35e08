package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
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

// fileLine is the line below a task's name about its file, or about the file that is being transferred.
type fileLine struct {
	item, name, size, download, remove, cancel *dom.BasicHTMLElement
}

func newFileLine(template *dom.HTMLTemplateElement) *fileLine {
	item := copyOf(template)
	return &fileLine{
		item:     item,
		name:     part(item, ".file-name"),
		size:     part(item, ".file-size"),
		download: part(item, ".download"),
		remove:   part(item, ".remove-file"),
		cancel:   part(item, ".cancel"),
	}
}

// filesNote is the id of the sentence that explains why files need direct requests.
const filesNote = "files-note"

// showFile updates the line about the file and its controls. If the control with the focus disappears, the nearest one that
// stays gets the focus.
func (r *row) showFile() {
	t, transfer := r.shown.Task, r.shown.Transfer
	up := transfer.Direction == tasks.Up
	r.allow(r.attach, r.shown.Busy == tasks.Attach)
	if !t.HasFile() && !up {
		r.dropFile()
		return
	}
	if r.file == nil {
		r.file = newFileLine(r.fileTemplate)
		r.item.AppendChild(r.file.item)
	}
	line := r.file
	words, size := t.File.Name, t.File.Size
	if up {
		words, size = r.words.Text("file.uploadLine", "file", transfer.Name), transfer.Size
	}
	line.name.SetTextContent(words)
	line.size.SetTextContent(r.words.Size(size))
	line.download.SetAttribute("aria-label", r.words.Text("file.download", "file", t.File.Name, "name", t.Name))
	line.remove.SetAttribute("aria-label", r.words.Text("file.remove", "name", t.Name))
	focused := line.item.Call("querySelector", ":focus")
	setHidden(line.download, up)
	setHidden(line.remove, up)
	setHidden(line.cancel, transfer.Direction == tasks.Nowhere)
	switch transfer.Direction {
	case tasks.Up:
		line.cancel.SetAttribute("aria-label", r.words.Text("file.cancelUpload", "file", transfer.Name, "name", t.Name))
	case tasks.Down:
		line.cancel.SetAttribute("aria-label", r.words.Text("file.cancelDownload", "file", t.File.Name, "name", t.Name))
	}
	r.allow(line.download, transfer.Direction == tasks.Down)
	r.allow(line.remove, r.shown.Busy == tasks.RemoveFile)
	switch {
	case focused.IsNull() || !focused.Get("hidden").Bool():
	case up:
		line.cancel.Focus()
	default:
		line.download.Focus()
	}
}

// dropFile removes the line.
func (r *row) dropFile() {
	if r.file == nil {
		return
	}
	hadFocus := hasFocus(r.file.item)
	r.file.item.Remove()
	r.file = nil
	if hadFocus {
		r.attach.Focus()
	}
}

// allow marks a control for files as busy, enables it, or shows why it is disabled. A disabled control can still be reached
// by the Tab key, so that screen readers read the reason.
func (r *row) allow(control dom.Element, busy bool) {
	setFlag(control, "aria-busy", busy)
	setFlag(control, "aria-disabled", busy || !r.hasFiles)
	if r.hasFiles {
		control.RemoveAttribute("aria-describedby")
	} else {
		control.SetAttribute("aria-describedby", filesNote)
	}
}

func (r *row) clicked(ctx context.Context, page *tasks.Page, event js.Value) {
	id := r.id()
	isIn := func(e dom.Element) bool { return e.Underlying().Call("contains", event.Get("target")).Bool() }
	switch {
	case isIn(r.attach):
		if !r.hasFiles || !r.shown.IsIdle() {
			event.Call("preventDefault") // the choice of a file stays closed
		}
	case r.file != nil && isIn(r.file.cancel):
		page.Cancel(id)
	case r.file != nil && isIn(r.file.download):
		page.Download(ctx, id)
	case isIn(r.details):
		page.OpenDetails(ctx, id)
	case r.shown.Busy != tasks.None:
		event.Call("preventDefault") // a checkbox stays as it is
	case r.file != nil && isIn(r.file.remove):
		page.RemoveFile(ctx, id)
	case isIn(r.remove):
		page.Delete(ctx, id)
	}
}

func (r *row) changed(ctx context.Context, page *tasks.Page, target js.Value) {
	if !target.Equal(r.attach.Underlying()) {
		page.SetDone(ctx, r.id(), r.checkbox.Checked())
		return
	}
	if files := wasm.Files(r.attach); len(files) > 0 {
		r.attach.SetValue("") // so that the same file can be picked again
		page.Attach(ctx, r.id(), files[0])
	}
}
