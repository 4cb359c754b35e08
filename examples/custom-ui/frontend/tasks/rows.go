package tasks

import (
	"context"
	"slices"
)

// rows makes a page the list of its board, which calls it inside of update.
type rows Page

func (l *rows) insert(i int, tasks ...Task) {
	more := make([]Row, len(tasks))
	for i, t := range tasks {
		more[i] = Row{Task: t, Done: t.Done}
	}
	l.state.Rows = slices.Insert(l.state.Rows, i, more...)
}

func (l *rows) show(t Task) {
	if r := l.state.row(t.ID); r != nil {
		r.Task, r.Done = t, t.Done
	}
}

// remove takes away the row of a task that was deleted in another window. A focus that was there goes to the next row,
// but not to a control of it: a key that is being pressed was not meant for it.
func (l *rows) remove(id string) {
	p, s := (*Page)(l), &l.state
	r := s.row(id)
	if r == nil {
		return
	}
	name := quoted(r.Task.Name)
	if hadFocus, next := p.drop(s, id); hadFocus {
		s.Status = name + " was deleted in another window."
		s.Focus = orForm(RowPart, next)
	}
}

// takeAway takes away the row of a task that this window deleted, or found deleted. A focus that was there goes to the
// next row, or to the field.
func (p *Page) takeAway(s *State, id string) {
	p.board.remove(id)
	wasNowhere := p.screen.Focused().Part == NoPart
	if hadFocus, next := p.drop(s, id); hadFocus || wasNowhere {
		s.Focus = orForm(DeletePart, next)
	}
}

// drop takes a row and its message away, and stops its transfer. It reports whether the focus was there, and gives the
// task whose row takes its place; "" if it was the last.
func (p *Page) drop(s *State, id string) (hadFocus bool, next string) {
	hadFocus = p.screen.Focused() == Place{RowPart, id}
	hadFocus = p.clear(s, id) || hadFocus
	p.stop(id, errDeleted)
	i := s.index(id)
	if i < 0 {
		return hadFocus, ""
	}
	s.Rows = slices.Delete(s.Rows, i, i+1)
	if i < len(s.Rows) {
		next = s.Rows[i].Task.ID
	}
	return hadFocus, next
}

// orForm gives the part of the task's row, or the form if there is no task.
func orForm(part Part, id string) Place {
	if id == "" {
		return Place{Part: FormPart}
	}
	return Place{part, id}
}

// begin begins a change of a task by one of its row's controls: one change at a time. It gives the task as it is, and
// nil for the backend if there is nothing to begin: the task is gone, busy, or may, unless nil, refuses. After the change
// come end and one of takeAway, board.end.
func (p *Page) begin(id string, by Control, may func(s *State, r *Row) bool) (t Task, backend *api) {
	p.update(func(s *State) {
		r := s.row(id)
		if r == nil || r.Busy != None || !may(s, r) {
			return
		}
		r.Busy = by
		p.board.begin(id)
		s.setTrying(id)
		t, backend = r.Task, p.api(s)
	})
	return t, backend
}

// end says that the change is not under way any more. How it went is the board's matter.
func (s *State) end(id string) {
	if r := s.row(id); r != nil {
		r.Busy = None
	}
}

// SetDone completes a task or opens it again. It is shown at once, and taken back if it fails.
func (p *Page) SetDone(ctx context.Context, id string, done bool) {
	t, backend := p.begin(id, Checkbox, func(_ *State, r *Row) bool {
		r.Done = done
		return true
	})
	if backend == nil {
		return
	}
	doing, did := "Completing ", "Completed "
	if !done {
		doing, did = "Reopening ", "Reopened "
	}
	name := quoted(t.Name)
	changed, err := backend.setDone(ctx, id, done)
	p.update(func(s *State) {
		s.end(id)
		switch {
		case isGone(err):
			p.takeAway(s, id)
			p.failed(ctx, s, id, name+" could not be changed. "+reason(err), nil)
		case err != nil:
			p.board.end(id, nil)
			p.failed(ctx, s, id, doing+name+" failed. "+reason(err), func(ctx context.Context) { p.SetDone(ctx, id, done) })
		default:
			p.board.end(id, &changed)
			if p.succeeded(s, id, did+name+" "+backend.trip()+".") {
				s.Focus = Place{CheckboxPart, id}
			}
		}
	})
}

// Delete deletes a task.
func (p *Page) Delete(ctx context.Context, id string) {
	t, backend := p.begin(id, Delete, func(*State, *Row) bool { return true })
	if backend == nil {
		return
	}
	name := quoted(t.Name)
	err := backend.delete(ctx, id)
	p.update(func(s *State) {
		s.end(id)
		switch {
		case err == nil:
			p.takeAway(s, id)
			p.succeeded(s, id, "Deleted "+name+" "+backend.trip()+".")
		case isGone(err): // what the user wanted
			p.takeAway(s, id)
			p.succeeded(s, id, name+" was deleted already.")
		default:
			p.board.end(id, nil)
			p.failed(ctx, s, id, "Deleting "+name+" failed. "+reason(err), func(ctx context.Context) { p.Delete(ctx, id) })
		}
	})
}
