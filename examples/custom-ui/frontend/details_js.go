package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// details is the screen of the page in the dialog.
type details struct {
	*drafts
	page *tasks.Details
	// isSaving is set while the new name is being saved.
	isSaving bool

	field    *field
	state    *text
	file     *text
	status   *text
	where    *where
	failures *failures
	cancel   dom.HTMLElement
}

func newDetails(doc dom.HTMLDocument) *details {
	return &details{
		drafts:   newDrafts(),
		field:    newField(doc, "rename", "new-name", "save"),
		state:    newText(doc, "details-state"),
		file:     newText(doc, "details-file"),
		status:   newText(doc, "details-status"),
		where:    newWhere(doc, "details-where"),
		failures: newFailures(doc, "details-failures"),
		cancel:   find[dom.HTMLElement](doc, "cancel"),
	}
}

// listen forwards the user's actions from now on.
func (d *details) listen(ctx context.Context) {
	d.field.listen(ctx, d.page.Edit, d.page.Save)
	d.where.listen(ctx, func(ctx context.Context, _ bool) { d.page.OpenProductPage(ctx) })
	d.failures.listen(ctx, func(ctx context.Context, _ string) { d.page.Retry(ctx) }, func(ctx context.Context, _ string) { d.page.Dismiss(ctx) })
	on(ctx, d.cancel, "click", func(ctx context.Context, _ js.Value) { d.page.Close(ctx) })
}

// IsOnline reports whether the browser has a network.
func (d *details) IsOnline() bool { return isOnline() }

// wouldLose reports whether something would be lost if the page were closed now. What is typed is kept as a draft.
func (d *details) wouldLose() bool { return d.isSaving || d.isLost }

// ShowDetails shows the state.
func (d *details) ShowDetails(s tasks.DetailsState) {
	d.field.show(s.Field, s.Loaded)
	if s.Loaded {
		d.showTask(s)
	}
	d.status.show(s.Status)
	d.failures.show(s.Failures)
	d.isSaving = s.Field.Adding
	switch {
	case s.ToFailure:
		d.failures.focus(s.Failures[0].Subject)
	case s.ToField:
		d.field.input.Focus()
	}
}

func (d *details) showTask(s tasks.DetailsState) {
	words, kind := s.Words.Text("details.open"), "open"
	if s.Task.Done {
		words, kind = s.Words.Text("details.done"), "done"
	}
	if d.state.show(words) {
		d.state.element.SetAttribute("data-state", kind)
	}
	file := s.Words.Text("details.noFile")
	if s.Task.HasFile() {
		file = s.Task.File.Name + " · " + s.Words.Size(s.Task.File.Size)
	}
	d.file.show(file)
	d.where.show(s.Where, s.Words.Text("where.newTab", "where", s.Where.Text))
}
