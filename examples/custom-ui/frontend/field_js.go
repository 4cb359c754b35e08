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

func newField(doc dom.HTMLDocument) *field {
	return &field{
		form:    find[*dom.HTMLFormElement](doc, "add"),
		input:   find[*dom.HTMLInputElement](doc, "name"),
		button:  find[*dom.HTMLButtonElement](doc, "add-button"),
		message: find[dom.HTMLElement](doc, "name-message"),
	}
}

func (f *field) listen(page *tasks.Page) {
	f.input.AddEventListener("input", false, func(dom.Event) { page.Edit(f.text()) })
	f.form.AddEventListener("submit", false, func(event dom.Event) {
		event.PreventDefault()
		text := f.text()
		start(func(ctx context.Context) { page.Add(ctx, text) })
	})
}

// text gives what stands in the field, which need not be shown again.
func (f *field) text() string {
	f.shown.Text = f.input.Value()
	return f.shown.Text
}

func (f *field) show(s tasks.State) {
	was, now := f.shown, s.Field
	f.shown = now
	if s.Loaded != f.isLoaded {
		f.isLoaded = s.Loaded
		f.button.SetDisabled(!s.Loaded)
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
