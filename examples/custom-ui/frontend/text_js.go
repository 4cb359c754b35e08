package main

import (
	"honnef.co/go/js/dom/v2"
)

// text is an element and its current text.
type text struct {
	element dom.HTMLElement
	shown   string
}

// newText returns the element with this id, which has its initial text.
func newText(doc dom.HTMLDocument, id string) *text {
	return &text{element: find[dom.HTMLElement](doc, id)}
}

// show sets the text. It reports whether the text has changed.
func (t *text) show(now string) (changed bool) {
	if now == t.shown {
		return false
	}
	t.shown = now
	t.element.SetTextContent(now)
	return true
}

// hiding is an element that can be hidden.
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
