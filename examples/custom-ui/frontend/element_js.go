package main

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// find returns the element of index.html with this id. If it is missing, which is a bug, find panics, and wasm.Run shows
// the panic in the page.
func find[T dom.Element](in dom.HTMLDocument, id string) T {
	e, ok := in.GetElementByID(id).(T)
	if !ok {
		panic("index.html has no element of the right kind with the id " + id)
	}
	return e
}

// element wraps an element whose kind is known. The dom package's own wrapper tries every kind, which makes about 70 calls
// into JavaScript: too many for each part of each row.
func element(v js.Value) *dom.BasicHTMLElement {
	return &dom.BasicHTMLElement{BasicElement: &dom.BasicElement{BasicNode: &dom.BasicNode{Value: v}}}
}

// part returns the first element inside e that the selector finds.
func part(e *dom.BasicHTMLElement, selector string) *dom.BasicHTMLElement {
	return element(e.Call("querySelector", selector))
}

// copyOf returns a copy of the element in a template.
func copyOf(template *dom.HTMLTemplateElement) *dom.BasicHTMLElement {
	return element(template.Get("content").Get("firstElementChild").Call("cloneNode", true))
}

// setBusy marks a control whose work is in progress. The control keeps the focus, which a disabled one would lose, so its
// handler must ignore a second press.
func setBusy(e dom.Element, busy bool) {
	setFlag(e, "aria-busy", busy)
	setFlag(e, "aria-disabled", busy)
}

func setFlag(e dom.Element, attribute string, on bool) {
	if on {
		e.SetAttribute(attribute, "true")
	} else {
		e.RemoveAttribute(attribute)
	}
}

// describe sets or removes the text of by as the control's description.
func describe(control, by dom.Element, on bool) {
	if on {
		control.SetAttribute("aria-describedby", by.ID())
	} else {
		control.RemoveAttribute("aria-describedby")
	}
}

func setHidden(e dom.Element, hidden bool) { e.Underlying().Set("hidden", hidden) }

// hasFocus reports whether the focus is in e or on it.
func hasFocus(e dom.Element) bool { return e.Underlying().Call("matches", ":focus-within").Bool() }

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

// translate fills in the texts of index.html and its templates, whose elements name the keys.
func translate(doc dom.HTMLDocument, words *tasks.Words) {
	doc.Underlying().Get("documentElement").Set("lang", words.Language())
	doc.SetTitle(words.Text("page.title"))
	translateIn(element(doc.Underlying()), words)
	for _, template := range doc.QuerySelectorAll("template") {
		translateIn(element(template.Underlying().Get("content")), words)
	}
}

func translateIn(root *dom.BasicHTMLElement, words *tasks.Words) {
	all := root.Call("querySelectorAll", "[data-text], [data-label]")
	for i := range all.Length() {
		e := element(all.Index(i))
		if key := e.GetAttribute("data-text"); key != "" {
			e.SetTextContent(words.Text(key))
		}
		if key := e.GetAttribute("data-label"); key != "" {
			e.SetAttribute("aria-label", words.Text(key))
		}
	}
}
