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
	backend := p.tasks()
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
	p.list.put(added)
	p.field.input.SetValue("")
	p.succeeded(addSubject, "Added "+quoted(name)+" "+backend.trip()+".")
	if hasFocus(p.field.form) || p.isFocusNowhere() {
		p.field.input.Focus()
	}
}

func (p *page) clicked(event dom.Event) {
	target := event.Target()
	r := p.list.rowOf(target)
	switch {
	case r == nil:
	case r.busy:
		event.PreventDefault() // a checkbox stays as it is
	case r.remove.Contains(target):
		start(func(ctx context.Context) { p.delete(ctx, r) })
	}
}

func (p *page) changed(event dom.Event) {
	if r := p.list.rowOf(event.Target()); r != nil {
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
	p.failures.setTrying(subject)
	backend := p.tasks()
	changed, err := backend.setDone(ctx, r.task.ID, done)
	r.end()
	switch {
	case isGone(err):
		p.takeAway(r)
		p.failed(ctx, subject, name+" could not be changed. "+reason(err), nil)
	case err != nil:
		r.checkbox.SetChecked(r.task.Done)
		p.failed(ctx, subject, doing+name+" failed. "+reason(err), func(ctx context.Context) { p.setDone(ctx, r, done) })
	default:
		r.show(changed)
		p.list.update()
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
	p.failures.setTrying(subject)
	backend := p.tasks()
	err := backend.delete(ctx, r.task.ID)
	r.end()
	switch {
	case err == nil:
		p.takeAway(r)
		p.succeeded(subject, "Deleted "+name+" "+backend.trip()+".")
	case isGone(err): // what the user wanted
		p.takeAway(r)
		p.succeeded(subject, name+" was deleted already.")
	default:
		p.failed(ctx, subject, "Deleting "+name+" failed. "+reason(err), func(ctx context.Context) { p.delete(ctx, r) })
	}
}

// takeAway removes the row and its message. A focus that was there goes to the next task, or to the field.
func (p *page) takeAway(r *row) {
	hadFocus := hasFocus(r.item)
	hadFocus = p.failures.clear(r.task.ID) || hadFocus
	next := p.list.remove(r)
	switch {
	case !hadFocus && !p.isFocusNowhere():
	case next != nil:
		next.remove.Focus()
	default:
		p.field.input.Focus()
	}
}
