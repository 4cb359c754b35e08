package main

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
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
