package main

import (
	"honnef.co/go/js/dom/v2"
)

// fileLine is the line below a task's name about its file, or about the one that is on its way.
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

// filesNote is the id of the sentence that says why files need direct.
const filesNote = "files-note"

// showFile makes the line about the file true, and what can be done with it. A focus that was on a control that goes
// away goes to the nearest one that stays.
func (r *row) showFile(canAttach bool) {
	up := r.transfer != nil && r.transfer.isUpload
	r.allow(r.attach, canAttach)
	if !r.task.hasFile() && !up {
		if r.file != nil {
			hadFocus := hasFocus(r.file.item)
			r.file.item.Remove()
			r.file = nil
			if hadFocus {
				r.attach.Focus()
			}
		}
		return
	}
	if r.file == nil {
		r.file = newFileLine(r.fileTemplate)
		r.item.AppendChild(r.file.item)
	}
	line, f := r.file, r.task.File
	words, size := f.Name, f.Size
	if up {
		words, size = "Uploading "+r.transfer.name+"…", r.transfer.size
	}
	line.name.SetTextContent(words)
	line.size.SetTextContent(sizeText(size))
	line.download.SetAttribute("aria-label", "Download "+f.Name+" of "+r.task.Name)
	line.remove.SetAttribute("aria-label", "Remove file of "+r.task.Name)
	focused := line.item.Call("querySelector", ":focus")
	setHidden(line.download, up)
	setHidden(line.remove, up)
	setHidden(line.cancel, r.transfer == nil)
	if r.transfer != nil {
		doing := "Cancel download of " + f.Name + " of " + r.task.Name
		if up {
			doing = "Cancel upload of " + r.transfer.name + " to " + r.task.Name
		}
		line.cancel.SetAttribute("aria-label", doing)
	}
	r.allow(line.download, canAttach)
	r.allow(line.remove, canAttach)
	switch {
	case focused.IsNull() || !focused.Get("hidden").Bool():
	case up:
		line.cancel.Focus()
	default:
		line.download.Focus()
	}
}

// allow enables a control for files, or says why it is not enabled. It stays in the order of the Tab key, so that the
// reason can be read.
func (r *row) allow(control dom.Element, can bool) {
	setFlag(control, "aria-disabled", !can || control.HasAttribute("aria-busy"))
	if can {
		control.RemoveAttribute("aria-describedby")
	} else {
		control.SetAttribute("aria-describedby", filesNote)
	}
}
