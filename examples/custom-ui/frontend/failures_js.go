package main

import (
	"context"
	"strconv"

	"honnef.co/go/js/dom/v2"
)

// failures are the messages about what failed, in the page's alert: one for each subject, such as a task's id, until its
// next try succeeds or the user dismisses it. So none is lost when several calls fail, and none stands there twice.
type failures struct {
	box      *dom.HTMLDivElement
	template *dom.HTMLTemplateElement
	// home gets the focus when a message is dismissed.
	home  dom.HTMLElement
	shown map[string]*failure
	// count numbers the messages, for the ids of their texts.
	count int
}

type failure struct {
	item, again *dom.BasicHTMLElement
	retry       func(ctx context.Context)
}

func newFailures(doc dom.HTMLDocument, home dom.HTMLElement) *failures {
	f := &failures{
		box:      find[*dom.HTMLDivElement](doc, "failures"),
		template: find[*dom.HTMLTemplateElement](doc, "failure"),
		home:     home,
		shown:    make(map[string]*failure),
	}
	f.box.AddEventListener("click", false, f.clicked)
	return f
}

// show shows the message about the subject in place of an older one, with a button for retry unless that is nil.
func (f *failures) show(subject, text string, retry func(ctx context.Context)) {
	item := copyOf(f.template)
	item.SetAttribute("data-subject", subject)
	n := &failure{item: item, again: part(item, ".retry"), retry: retry}
	dismiss := part(item, ".dismiss")
	if retry == nil {
		n.again.Remove()
	}
	if subject == listSubject {
		dismiss.Remove() // without its list the page is of no use
	}

	f.count++
	words := part(item, "p")
	words.SetID("failure-" + strconv.Itoa(f.count))
	words.SetTextContent(text)
	n.again.SetAttribute("aria-describedby", words.ID())
	dismiss.SetAttribute("aria-describedby", words.ID())

	hadFocus := f.clear(subject)
	f.shown[subject] = n
	f.box.AppendChild(item)
	switch {
	case !hadFocus:
	case retry != nil:
		n.again.Focus()
	default:
		dismiss.Focus()
	}
}

// clear takes the subject's message away. It reports whether the focus was in it and is homeless now.
func (f *failures) clear(subject string) (hadFocus bool) {
	old, ok := f.shown[subject]
	if !ok {
		return false
	}
	hadFocus = hasFocus(old.item)
	delete(f.shown, subject)
	old.item.Remove()
	return hadFocus
}

// setTrying marks the subject's message, if there is one: its next try is under way. It ends with show or clear.
func (f *failures) setTrying(subject string) {
	if n, ok := f.shown[subject]; ok {
		setBusy(n.again, true)
	}
}

func (f *failures) clicked(event dom.Event) {
	target := event.Target().Underlying()
	button := target.Call("closest", "button")
	if button.IsNull() {
		return
	}
	subject := element(target.Call("closest", "[data-subject]")).GetAttribute("data-subject")
	n, ok := f.shown[subject]
	switch {
	case !ok:
	case !button.Equal(n.again.Value):
		f.clear(subject)
		f.home.Focus()
	case !n.again.HasAttribute("aria-busy"):
		start(n.retry)
	}
}
