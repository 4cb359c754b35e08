package main

import (
	"honnef.co/go/js/dom/v2"
)

// text is an element that holds a text, and what stands there.
type text struct {
	element dom.HTMLElement
	shown   string
}

// newText gives the text of the element with this id, which nobody has changed yet.
func newText(doc dom.HTMLDocument, id string) *text {
	return &text{element: find[dom.HTMLElement](doc, id)}
}

// show shows the text. It reports whether it is another than before.
func (t *text) show(now string) (changed bool) {
	if now == t.shown {
		return false
	}
	t.shown = now
	t.element.SetTextContent(now)
	return true
}

// hiding is an element that is not always there.
type hiding struct {
	element dom.HTMLElement
	hidden  bool
}

func newHiding(doc dom.HTMLDocument, id string) *hiding {
	e := find[dom.HTMLElement](doc, id)
	return &hiding{e, e.HasAttribute("hidden")}
}

func (h *hiding) show(hidden bool) {
	if hidden != h.hidden {
		h.hidden = hidden
		setHidden(h.element, hidden)
	}
}
