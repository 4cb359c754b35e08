package tasks

import (
	"context"
	"slices"
)

// rows makes a page the list of its board, which calls it inside of update.
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

// remove takes away the row of a task that was deleted elsewhere, by this user or another. A focus that was there goes to the next row,
// but not to a control of it: a key that is being pressed was not meant for it.
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

// takeAway takes away the row of a task that this window deleted, or, if it is not its own deletion, found deleted. A focus that was there goes to the
// next row, or to the field.
func (p *Page) takeAway(s *State, id string, own bool) {
	if !p.board.remove(id, own) {
		return
	}
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
