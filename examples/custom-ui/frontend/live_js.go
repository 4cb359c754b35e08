package main

import (
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// live is the line that shows how the list is kept current, and the note that shows why direct requests do not work. Screen
// readers are not interrupted by them.
type live struct {
	line  dom.HTMLElement
	note  *text
	radio *dom.HTMLInputElement
	shown string
}

func newLive(doc dom.HTMLDocument) *live {
	return &live{
		line:  find[dom.HTMLElement](doc, "live"),
		note:  newText(doc, "direct-note"),
		radio: find[*dom.HTMLInputElement](doc, "direct"),
	}
}

func (l *live) show(s tasks.State) {
	if words := s.Words.Live(s.Live); words != l.shown {
		l.shown = words
		l.line.SetTextContent(words)
		l.line.SetAttribute("data-state", [...]string{"off", "reconnecting", "on"}[s.Live])
	}
	if l.note.show(s.DirectNote) {
		setHidden(l.note.element, s.DirectNote == "")
		describe(l.radio, l.note.element, s.DirectNote != "")
	}
}
