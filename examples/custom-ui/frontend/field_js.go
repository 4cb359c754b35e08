package main

import (
	"honnef.co/go/js/dom/v2"
)

// field is the text field for a task's name, with its button and its message.
type field struct {
	form    *dom.HTMLFormElement
	input   *dom.HTMLInputElement
	button  *dom.HTMLButtonElement
	message dom.HTMLElement
	// adding is set while a task is being added: one at a time.
	adding bool
}

func newField(doc dom.HTMLDocument) *field {
	f := &field{
		form:    find[*dom.HTMLFormElement](doc, "add"),
		input:   find[*dom.HTMLInputElement](doc, "name"),
		button:  find[*dom.HTMLButtonElement](doc, "add-button"),
		message: find[dom.HTMLElement](doc, "name-message"),
	}
	f.input.AddEventListener("input", false, func(dom.Event) { f.edited() })
	return f
}

// setAdding keeps the text as it is while it is being sent.
func (f *field) setAdding(adding bool) {
	f.adding = adding
	setBusy(f.button, adding)
	f.input.SetReadOnly(adding)
}

// complain shows at the field what is wrong with its text; "" takes the message away.
func (f *field) complain(problem string) {
	f.message.SetTextContent(problem)
	setFlag(f.input, "aria-invalid", problem != "")
	if problem == "" {
		f.input.RemoveAttribute("aria-describedby")
		return
	}
	f.input.SetAttribute("aria-describedby", f.message.ID())
	f.input.Focus()
}

// edited takes the message away as soon as the text is as it should be.
func (f *field) edited() {
	if f.input.HasAttribute("aria-invalid") {
		if _, problem := cleanName(f.input.Value()); problem == "" {
			f.complain("")
		}
	}
}
