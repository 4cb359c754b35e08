package main

import (
	"context"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// field is the text field for a task's name, with its button and its message.
type field struct {
	form    *dom.HTMLFormElement
	input   *dom.HTMLInputElement
	button  *dom.HTMLButtonElement
	message dom.HTMLElement

	shown    tasks.Field
	isLoaded bool
}

// newField returns the field of index.html with these ids; its message has the input's and "-message".
func newField(doc dom.HTMLDocument, form, input, button string) *field {
	return &field{
		form:    find[*dom.HTMLFormElement](doc, form),
		input:   find[*dom.HTMLInputElement](doc, input),
		button:  find[*dom.HTMLButtonElement](doc, button),
		message: find[dom.HTMLElement](doc, input+"-message"),
	}
}

func (f *field) listen(edit func(text string), submit func(ctx context.Context, text string)) {
	f.input.AddEventListener("input", false, func(dom.Event) { edit(f.text()) })
	f.form.AddEventListener("submit", false, func(event dom.Event) {
		event.PreventDefault()
		text := f.text()
		start(func(ctx context.Context) { submit(ctx, text) })
	})
}

// text returns the content of the field.
func (f *field) text() string {
	f.shown.Text = f.input.Value()
	return f.shown.Text
}

func (f *field) show(now tasks.Field, isLoaded bool) {
	was := f.shown
	f.shown = now
	if isLoaded != f.isLoaded {
		f.isLoaded = isLoaded
		f.button.SetDisabled(!isLoaded)
		f.input.SetReadOnly(now.Adding)
	}
	if now.Text != was.Text {
		f.input.SetValue(now.Text)
	}
	if now.Adding != was.Adding {
		setBusy(f.button, now.Adding)
		f.input.SetReadOnly(now.Adding)
	}
	if now.Problem != was.Problem {
		f.message.SetTextContent(now.Problem)
		setFlag(f.input, "aria-invalid", now.Problem != "")
		describe(f.input, f.message, now.Problem != "")
	}
}
