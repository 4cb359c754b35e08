package tasks

import "slices"

// bring marks that this window is about to bring a deleted task back. Call restore or giveUp after it.
func (b *board) bring(id string) { b.returning[id] = b.mark() }

func (b *board) giveUp(id string) { delete(b.returning, id) }

// restore shows a task that this window brought back, after the task with that id.
func (b *board) restore(t Task, after string) {
	mark, isNews := b.returning[t.ID]
	delete(b.returning, t.ID)
	if !isNews || b.entry(t.ID) != nil {
		return // its event has already arrived, and maybe later ones
	}
	was := b.leaving[t.ID]
	delete(b.deleted, t.ID)
	delete(b.leaving, t.ID)
	b.insert(b.place(after), t)
	e := b.entry(t.ID)
	e.restored = b.isTold(mark)
	e.fresh = e.restored && was != nil && was.fresh
}

// place returns the index for a task after the one with this id. If that one does not exist any more, it returns the end of
// the list.
func (b *board) place(after string) int {
	if after == "" {
		return 0
	}
	if i := b.index(after); i >= 0 {
		return i + 1
	}
	return len(b.entries)
}

// isAfter reports whether the task is directly after the one with the other id, or first if that is "".
func (b *board) isAfter(id, after string) bool {
	i := b.index(id)
	return i == 0 && after == "" || i > 0 && b.entries[i-1].task.ID == after
}

// arrange puts the tasks into this order, because a restored task may have been shown in a wrong place. Of the tasks that are
// not in ids, new ones go to the end, and others stay behind the task before them.
func (b *board) arrange(tasks []Task) {
	at := make(map[string]int, len(tasks))
	for i, t := range tasks {
		at[t.ID] = i
	}
	last := -1
	for _, e := range b.entries {
		switch i, ok := at[e.task.ID]; {
		case ok:
			last = i
		case e.fresh:
			at[e.task.ID] = len(tasks)
		default:
			at[e.task.ID] = last
		}
	}
	byPlace := func(x, y *entry) int { return at[x.task.ID] - at[y.task.ID] }
	if slices.IsSortedFunc(b.entries, byPlace) {
		return
	}
	slices.SortStableFunc(b.entries, byPlace)
	ids := make([]string, len(b.entries))
	for i, e := range b.entries {
		ids[i] = e.task.ID
	}
	b.list.arrange(ids)
}
