package tasks

import (
	"context"
	"slices"
)

// rows is a page as the list of its board, which calls it inside update.
type rows Page

func (l *rows) insert(i int, tasks ...Task) {
	for _, t := range tasks {
		(*Page)(l).withdraw(t.ID) // somebody has brought it back
	}
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

func (l *rows) arrange(ids []string) {
	at := make(map[string]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	slices.SortFunc(l.state.Rows, func(x, y Row) int { return at[x.Task.ID] - at[y.Task.ID] })
}

// remove removes the row of a task that was deleted in another window. If the row had the focus, the next row gets it, but not
// one of its controls: the user may be pressing a key.
func (l *rows) remove(id string) {
	p, s := (*Page)(l), &l.state
	r := s.row(id)
	if r == nil {
		return
	}
	name := p.words.quoted(r.Task.Name)
	if hadFocus, next := p.drop(s, id); hadFocus {
		s.Status = p.words.Text("row.deletedElsewhere", "name", name)
		s.Focus = orForm(RowPart, next)
	}
}

// takeAway removes the row of a task that this window deleted or, if own is false, found deleted. If the row had the focus, the
// next row or the field gets it.
func (p *Page) takeAway(s *State, id string, own bool) {
	if !p.board.remove(id, own) {
		return
	}
	wasNowhere := p.screen.Focused().Part == NoPart
	if hadFocus, next := p.drop(s, id); hadFocus || wasNowhere {
		s.Focus = orForm(DeletePart, next)
	}
}

// drop removes a row and its message, and stops its transfer. It reports whether the row had the focus, and returns the task
// of the next row, or "" if there is none.
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

// orForm returns the part in the task's row, or the form if task is "".
func orForm(part Part, id string) Place {
	if id == "" {
		return Place{Part: FormPart}
	}
	return Place{part, id}
}

// begin starts a change of a task by one of its row's controls. A task has one change at a time. begin returns the task and the
// backend's API, which is nil if the change cannot start: the task is gone or busy, or may returns false. may can be nil.
// After the change, call end and either takeAway or board.end.
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

// end marks that the change is no longer in progress. The board stores its result.
func (s *State) end(id string) {
	if r := s.row(id); r != nil {
		r.Busy = None
	}
}

// SetDone completes a task or opens it again. The row shows this at once, and reverts it if it fails.
func (p *Page) SetDone(ctx context.Context, id string, done bool) {
	t, backend := p.begin(id, Checkbox, func(_ *State, r *Row) bool {
		r.Done = done
		return true
	})
	if backend == nil {
		return
	}
	name := p.words.quoted(t.Name)
	changed, err := backend.setDone(ctx, id, done)
	p.update(func(s *State) {
		s.end(id)
		switch {
		case isGone(err):
			p.takeAway(s, id, false)
			p.failed(ctx, s, id, p.words.Text("row.gone", "name", name, "reason", p.words.reason(err)), nil)
		case err != nil:
			p.board.end(id, nil)
			text := p.words.Text("row.completing", "name", name, "reason", p.words.reason(err))
			if !done {
				text = p.words.Text("row.reopening", "name", name, "reason", p.words.reason(err))
			}
			p.failed(ctx, s, id, text, func(ctx context.Context) { p.SetDone(ctx, id, done) })
		default:
			p.board.end(id, &changed)
			text := p.words.Text("row.completed", "name", name, "trip", p.words.trip(backend))
			if !done {
				text = p.words.Text("row.reopened", "name", name, "trip", p.words.trip(backend))
			}
			if p.succeeded(s, id, text) {
				s.Focus = Place{CheckboxPart, id}
			}
		}
	})
	if err == nil {
		p.tell(ctx, id)
	}
}

// Delete deletes a task.
func (p *Page) Delete(ctx context.Context, id string) {
	t, backend := p.begin(id, Delete, func(*State, *Row) bool { return true })
	if backend == nil {
		return
	}
	name := p.words.quoted(t.Name)
	err := backend.delete(ctx, id)
	p.update(func(s *State) {
		s.end(id)
		switch {
		case err == nil:
			p.takeAway(s, id, true)
			p.succeeded(s, id, p.words.Text("row.deleted", "name", name, "trip", p.words.trip(backend)))
		case isGone(err): // what the user wanted
			p.takeAway(s, id, false)
			p.succeeded(s, id, p.words.Text("row.deletedAlready", "name", name))
		default:
			p.board.end(id, nil)
			p.failed(ctx, s, id, p.words.Text("row.deleting", "name", name, "reason", p.words.reason(err)), func(ctx context.Context) { p.Delete(ctx, id) })
		}
	})
	if err == nil {
		go p.offerUndo(ctx, t)
		p.tell(ctx, id)
	}
}
