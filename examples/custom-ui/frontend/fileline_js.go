package main

import (
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

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
