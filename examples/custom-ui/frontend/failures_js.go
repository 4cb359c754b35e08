package main

import (
	"context"
	"strconv"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

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

func (f *failures) listen(retry func(ctx context.Context, subject string), dismiss func(subject string)) {
	f.box.AddEventListener("click", false, func(event dom.Event) {
		target := event.Target()
		for _, n := range f.shown {
			switch {
			case n.retry != nil && n.retry.Contains(target):
				start(func(ctx context.Context) { retry(ctx, n.Subject) })
			case n.dismiss != nil && n.dismiss.Contains(target):
				dismiss(n.Subject)
				return // f.shown is another one now
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
	button := func(selector string, can bool) *dom.BasicHTMLElement {
		b := part(item, selector)
		if !can {
			b.Remove()
			return nil
		}
		b.SetAttribute("aria-describedby", words.ID())
		return b
	}
	return &failure{n, item, button(".retry", n.CanRetry), button(".dismiss", n.CanDismiss)}
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
