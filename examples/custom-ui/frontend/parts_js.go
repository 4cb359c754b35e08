package main

import (
	"context"
	"strconv"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
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

// clearedTime is how long to wait after the browser shows the page again that the user has left. Soon after that, WebKit clears
// fields with autocomplete="off".
const clearedTime = 100 * time.Millisecond

// newField returns the field of index.html with these ids; its message has the input's and "-message".
func newField(doc dom.HTMLDocument, form, input, button string) *field {
	return &field{
		form:    find[*dom.HTMLFormElement](doc, form),
		input:   find[*dom.HTMLInputElement](doc, input),
		button:  find[*dom.HTMLButtonElement](doc, button),
		message: find[dom.HTMLElement](doc, input+"-message"),
	}
}

func (f *field) listen(ctx context.Context, edit func(text string), submit func(ctx context.Context, text string)) {
	on(ctx, f.input, "input", func(context.Context, js.Value) { edit(f.text()) })
	on(ctx, f.form, "submit", func(ctx context.Context, _ js.Value) { submit(ctx, f.text()) }, wasm.WithPreventDefault())
	on(ctx, js.Global(), "pageshow", func(_ context.Context, event js.Value) {
		if !event.Get("persisted").Bool() {
			return
		}
		time.Sleep(clearedTime)
		if f.input.Value() == "" {
			f.input.SetValue(f.shown.Text)
		}
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

// failures shows the messages about failures, in the page's alert.
type failures struct {
	box      *dom.HTMLDivElement
	template *dom.HTMLTemplateElement
	shown    []*failure
}

// failure is one message and its buttons. A button that it does not have is nil.
type failure struct {
	tasks.Failure
	item, retry, dismiss *dom.BasicHTMLElement
}

func newFailures(doc dom.HTMLDocument, id string) *failures {
	return &failures{
		box:      find[*dom.HTMLDivElement](doc, id),
		template: find[*dom.HTMLTemplateElement](doc, "failure"),
	}
}

func (f *failures) listen(ctx context.Context, retry, dismiss func(ctx context.Context, subject string)) {
	on(ctx, f.box, "click", func(ctx context.Context, event js.Value) {
		for _, n := range f.shown {
			switch target := event.Get("target"); {
			case n.retry != nil && target.Equal(n.retry.Underlying()):
				retry(ctx, n.Subject)
				return // f.shown is another one now
			case n.dismiss != nil && target.Equal(n.dismiss.Underlying()):
				dismiss(ctx, n.Subject)
				return
			}
		}
	})
}

func (f *failures) show(now []tasks.Failure) {
	old := f.shown
	f.shown = nil
	for _, n := range now {
		for len(old) > 0 && old[0].Number < n.Number {
			old[0].item.Remove()
			old = old[1:]
		}
		if len(old) > 0 && old[0].Number == n.Number {
			old[0].setTrying(n.Trying)
			f.shown, old = append(f.shown, old[0]), old[1:]
			continue
		}
		more := newFailure(f.template, n)
		f.box.AppendChild(more.item)
		f.shown = append(f.shown, more)
	}
	for _, n := range old {
		n.item.Remove()
	}
}

func newFailure(template *dom.HTMLTemplateElement, n tasks.Failure) *failure {
	item := copyOf(template)
	item.SetAttribute("data-subject", n.Subject)
	words := part(item, "p")
	words.SetID("failure-" + strconv.Itoa(n.Number))
	words.SetTextContent(n.Text)
	button := func(selector string, can bool, text string) *dom.BasicHTMLElement {
		b := part(item, selector)
		if !can {
			b.Remove()
			return nil
		}
		b.SetAttribute("aria-describedby", words.ID())
		if text != "" {
			b.SetTextContent(text)
		}
		return b
	}
	return &failure{n, item, button(".retry", n.CanRetry, n.RetryText), button(".dismiss", n.CanDismiss, n.DismissText)}
}

func (n *failure) setTrying(trying bool) {
	if trying != n.Trying && n.retry != nil {
		setBusy(n.retry, trying)
	}
	n.Trying = trying
}

// focus moves the focus to the first button of the message about the subject.
func (f *failures) focus(subject string) {
	for _, n := range f.shown {
		switch {
		case n.Subject != subject:
		case n.retry != nil:
			n.retry.Focus()
		default:
			n.dismiss.Focus()
		}
	}
}

// where is the link to the product's page around the app. Its address is for copying: a click makes the product open the
// page, outside the app's frame.
type where struct {
	link  *dom.BasicHTMLElement
	shown tasks.Where
}

func newWhere(doc dom.HTMLDocument, id string) *where {
	return &where{link: element(find[dom.HTMLElement](doc, id).Underlying())}
}

// listen calls open when the user follows the link, with true for a new tab.
func (w *where) listen(ctx context.Context, open func(ctx context.Context, newTab bool)) {
	follow := func(ctx context.Context, event js.Value) {
		isMiddle := event.Get("button").Int() == 1
		if event.Get("type").String() == "auxclick" && !isMiddle {
			return // the right one opens the browser's own menu
		}
		event.Call("preventDefault")
		open(ctx, isMiddle || isTrue(event, "ctrlKey", "metaKey"))
	}
	on(ctx, w.link, "click", follow)
	on(ctx, w.link, "auxclick", follow)
}

func isTrue(v js.Value, names ...string) bool {
	for _, name := range names {
		if v.Get(name).Truthy() {
			return true
		}
	}
	return false
}

func (w *where) show(now tasks.Where, text string) {
	if now == w.shown {
		return
	}
	w.shown = now
	setHidden(w.link, !now.IsKnown())
	w.link.SetTextContent(text)
	if now.URL != "" {
		w.link.SetAttribute("href", now.URL)
	}
}
