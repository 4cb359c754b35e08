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

// hideable is an element that can be hidden.
type hideable struct {
	element dom.HTMLElement
	hidden  bool
}

func newHideable(doc dom.HTMLDocument, id string) *hideable {
	e := find[dom.HTMLElement](doc, id)
	return &hideable{e, e.HasAttribute("hidden")}
}

func (h *hideable) show(hidden bool) {
	if hidden != h.hidden {
		h.hidden = hidden
		setHidden(h.element, hidden)
	}
}
