package main

import (
	"context"

	"honnef.co/go/js/dom/v2"
)

// add sends the field's text. The text stays until it has become a task.
func (p *page) add(ctx context.Context) {
	if p.field.adding {
		return
	}
	name, problem := cleanName(p.field.input.Value())
	p.field.complain(problem)
	if problem != "" {
		return
	}
	p.field.setAdding(true)
	backend, mark := p.tasks(), p.board.mark()
	added, err := backend.add(ctx, name, p.keys.of(name))
	p.field.setAdding(false)
	if problem, ok := isBadInput(err); ok {
		p.failures.clear(addSubject)
		p.status.SetTextContent("")
		p.field.complain(problem)
		return
	}
	if err != nil {
		text := "Adding " + quoted(name) + " failed. " + reason(err) + " Your text is still in the field. Pressing “Add task” again will not add it twice."
		p.failed(ctx, addSubject, text, nil)
		return
	}
	p.keys.done(name)
	p.board.add(added, mark)
	p.field.input.SetValue("")
	p.succeeded(addSubject, "Added "+quoted(name)+" "+backend.trip()+".")
	if hasFocus(p.field.form) || p.isFocusNowhere() {
		p.field.input.Focus()
	}
}

func (p *page) clicked(event dom.Event) {
	target := event.Target()
	r := p.list.rowOf(target)
	isIn := func(e dom.Element) bool { return e.Contains(target) }
	switch {
	case r == nil:
	case isIn(r.attach):
		if !p.list.canAttach || r.busy || r.transfer != nil {
			event.PreventDefault() // the choice of a file stays closed
		}
	case r.file != nil && isIn(r.file.cancel):
		r.stop(errCancelled)
	case r.file != nil && isIn(r.file.download):
		start(func(ctx context.Context) { p.download(ctx, r) })
	case r.busy:
		event.PreventDefault() // a checkbox stays as it is
	case r.file != nil && isIn(r.file.remove):
		start(func(ctx context.Context) { p.removeFile(ctx, r) })
	case isIn(r.remove):
		start(func(ctx context.Context) { p.delete(ctx, r) })
	}
}

func (p *page) changed(event dom.Event) {
	target := event.Target()
	r := p.list.rowOf(target)
	switch {
	case r == nil:
	case r.attach.Contains(target):
		p.chosen(r)
	default:
		done := r.checkbox.Checked()
		start(func(ctx context.Context) { p.setDone(ctx, r, done) })
	}
}

// setDone completes the row's task or opens it again.
func (p *page) setDone(ctx context.Context, r *row, done bool) {
	if r.busy {
		return
	}
	doing, did := "Completing ", "Completed "
	if !done {
		doing, did = "Reopening ", "Reopened "
	}
	name, subject := quoted(r.task.Name), r.task.ID
	r.checkbox.SetChecked(done)
	r.begin(r.checkbox)
	p.board.begin(subject)
	p.failures.setTrying(subject)
	backend := p.tasks()
	changed, err := backend.setDone(ctx, r.task.ID, done)
	r.end(r.checkbox)
	switch {
	case isGone(err):
		p.takeAway(r)
		p.failed(ctx, subject, name+" could not be changed. "+reason(err), nil)
	case err != nil:
		p.board.end(subject, nil)
		p.failed(ctx, subject, doing+name+" failed. "+reason(err), func(ctx context.Context) { p.setDone(ctx, r, done) })
	default:
		p.board.end(subject, &changed)
		if p.succeeded(subject, did+name+" "+backend.trip()+".") {
			r.checkbox.Focus()
		}
	}
}

// delete deletes the row's task.
func (p *page) delete(ctx context.Context, r *row) {
	if r.busy {
		return
	}
	name, subject := quoted(r.task.Name), r.task.ID
	r.begin(r.remove)
	p.board.begin(subject)
	p.failures.setTrying(subject)
	backend := p.tasks()
	err := backend.delete(ctx, r.task.ID)
	r.end(r.remove)
	switch {
	case err == nil:
		p.takeAway(r)
		p.succeeded(subject, "Deleted "+name+" "+backend.trip()+".")
	case isGone(err): // what the user wanted
		p.takeAway(r)
		p.succeeded(subject, name+" was deleted already.")
	default:
		p.board.end(subject, nil)
		p.failed(ctx, subject, "Deleting "+name+" failed. "+reason(err), func(ctx context.Context) { p.delete(ctx, r) })
	}
}

// takeAway removes the row and its message. A focus that was there goes to the next task, or to the field.
func (p *page) takeAway(r *row) {
	hadFocus := hasFocus(r.item)
	hadFocus = p.failures.clear(r.task.ID) || hadFocus
	p.board.remove(r.task.ID)
	r.stop(errDeleted)
	next := p.list.remove(r)
	switch {
	case !hadFocus && !p.isFocusNowhere():
	case next != nil:
		next.remove.Focus()
	default:
		p.field.input.Focus()
	}
}
