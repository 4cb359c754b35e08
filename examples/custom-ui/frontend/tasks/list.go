package tasks

import "slices"

// fill shows all tasks, as a load returned them. A task that this window is changing, or has changed since the load began,
// stays as it is: the load may be older. Then the list is loaded again.
func (p *Page) fill(s *State, all []Task) {
	shown := make(map[string]Row, len(s.Rows))
	for _, r := range s.Rows {
		shown[r.Task.ID] = r
	}
	isOwn := func(id string) bool { return p.changed[id] || shown[id].Busy != None }
	rows := make([]Row, 0, len(all))
	exists := make(map[string]bool, len(all))
	for _, t := range all {
		exists[t.ID] = true
		r, isShown := shown[t.ID]
		switch {
		case isOwn(t.ID):
			p.stale = true
			if !isShown {
				continue // this window has deleted it
			}
		case isShown:
			r.Task, r.Done = t, t.Done
		default:
			r = Row{Task: t, Done: t.Done}
			p.withdraw(t.ID) // somebody has restored it
		}
		rows = append(rows, r)
	}
	for i, r := range s.Rows {
		if !exists[r.Task.ID] && isOwn(r.Task.ID) {
			p.stale = true
			rows = slices.Insert(rows, min(i, len(rows)), r)
			exists[r.Task.ID] = true
		}
	}
	// From the last to the first, so that the focus goes to a row that stays.
	for i := len(s.Rows) - 1; i >= 0; i-- {
		if id := s.Rows[i].Task.ID; !exists[id] {
			p.vanish(s, id)
		}
	}
	s.Rows = rows
	p.loadIfStale(s)
}

// put shows a task that this window added or restored, as the i-th. If a load was faster, its row is at least as new.
func (p *Page) put(s *State, i int, t Task) {
	p.withdraw(t.ID)
	if s.row(t.ID) == nil {
		s.Rows = slices.Insert(s.Rows, i, Row{Task: t, Done: t.Done})
	}
	p.noteChange(s, t.ID)
}

// noteChange notes that this window has changed a task. If a load did not show the task meanwhile, the list is loaded again.
func (p *Page) noteChange(s *State, id string) {
	p.changed[id] = true
	p.loadIfStale(s)
}

// loadIfStale loads the list again if it is stale, but not while a change is in progress.
func (p *Page) loadIfStale(s *State) {
	if p.stale && !slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Busy != None }) {
		p.stale = false
		p.someNews()
	}
}

// vanish removes the row of a task that was deleted in another window. If the row had the focus, the next row gets it, but not
// one of its controls: the user may be pressing a key.
func (p *Page) vanish(s *State, id string) {
	name := p.words.quoted(s.row(id).Task.Name)
	if hadFocus, next := p.drop(s, id); hadFocus {
		s.Status = p.words.Text("row.deletedElsewhere", "name", name)
		s.Focus = orForm(RowPart, next)
	}
}

// takeAway removes the row of a task that this window deleted or found deleted. If the row had the focus, the next row or the
// field gets it.
func (p *Page) takeAway(s *State, id string) {
	wasNowhere := p.screen.Focused().Part == NoPart
	if hadFocus, next := p.drop(s, id); hadFocus || wasNowhere {
		s.Focus = orForm(DeletePart, next)
	}
	p.noteChange(s, id)
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
