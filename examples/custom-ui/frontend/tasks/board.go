package tasks

import (
	"encoding/json"
	"slices"
)

// list shows the tasks of a board. The board calls its methods only for changes.
type list interface {
	// insert shows tasks, the first as the i-th.
	insert(i int, tasks ...Task)
	// show updates a task that the list has.
	show(t Task)
	// remove removes a task that was deleted in another window.
	remove(id string)
	// arrange puts the tasks into the order of these ids, which are all in the list.
	arrange(ids []string)
}

// board holds the tasks in the order of the backend. It merges this window's changes and the backend's events about the
// changes of all windows.
//
// The backend sends events in the order of the changes, including this window's own. So each task ends in the state of its
// last event. Before that, an event can be older than the state that is shown, because the answer to an own change came
// first. Such an event is not shown:
//
//   - While a change of this window is in progress, its task stays as the user has set it. Events that arrive meanwhile are
//     shown when the change has ended, unless the change is newer.
//   - After the answer, events about the task are older until the event of the own change arrives (its echo).
//   - A deleted task comes back only if somebody has brought it back since.
type board struct {
	list    list
	entries []*entry
	deleted map[string]bool
	// leaving holds the tasks that this window deleted and whose event has not arrived yet.
	leaving map[string]*entry
	// returning holds, for each task that this window is bringing back, the connection on which its event will come, or 0.
	returning map[string]int
	// following is set while events arrive, and connection counts how often that has started or stopped.
	following  bool
	connection int
}

// entry is one task of the board.
type entry struct {
	// task is the task as shown, without a change that is in progress.
	task Task
	// fresh is set until the event arrives that this window added the task.
	fresh bool
	// restored is set until the event arrives that this window brought the task back.
	restored bool
	// changing is set while a change of this window is in progress. began is the connection on which its echo will come, or
	// 0 if that is not certain.
	changing bool
	began    int
	// meanwhile is the last event while changing. gone is set if the task was deleted then, and back if it was brought back
	// after that.
	meanwhile  []Task
	gone, back bool
	// echoes holds the own changes that were answered and whose events have not arrived yet.
	echoes []Task
}

func newBoard(l list) *board {
	return &board{list: l, deleted: make(map[string]bool), leaving: make(map[string]*entry), returning: make(map[string]int)}
}

// follow marks that events arrive from now on, and lost that they do not.
func (b *board) follow() {
	if !b.following {
		b.following = true
		b.connection++
	}
}

func (b *board) lost() { b.following = false }

// mark returns the connection on which the event of a change that begins now will come, or 0 if there is none.
func (b *board) mark() int {
	if b.following {
		return b.connection
	}
	return 0
}

// isTold reports whether the event will come of a change that began at this mark and has just been answered.
func (b *board) isTold(mark int) bool { return mark != 0 && mark == b.mark() }

// begin marks that a change of the task begins in this window. Call end after it.
func (b *board) begin(id string) {
	if e := b.entry(id); e != nil {
		e.changing, e.began = true, b.mark()
	}
}

// end marks the end of a change and shows the task. own is the task in the backend's answer, or nil if the change failed.
func (b *board) end(id string, own *Task) {
	e := b.entry(id)
	if e == nil {
		return
	}
	meanwhile := e.meanwhile
	e.changing, e.meanwhile, e.back = false, nil, false
	switch {
	case e.gone:
		b.take(id)
		b.list.remove(id)
		return
	case own != nil && !slices.Contains(meanwhile, *own):
		// The change's own event has not arrived, so all earlier events are older.
		e.task = *own
		if b.isTold(e.began) {
			e.echoes = append(e.echoes, *own)
		}
	case len(meanwhile) > 0:
		e.task = meanwhile[len(meanwhile)-1]
	}
	b.list.show(e.task)
}

// add shows a task that this window added. mark was taken before the request.
func (b *board) add(t Task, mark int) {
	switch e := b.entry(t.ID); {
	case b.deleted[t.ID]:
	case e == nil:
		b.insert(len(b.entries), t)
		b.entries[len(b.entries)-1].fresh = b.isTold(mark)
	case !b.following && !e.changing:
		b.update(e, t) // this was a retry, and the first try had reached the backend
	}
}

// remove removes a task that this window deleted or, if own is false, found deleted. It returns false for a task that was
// brought back since: it stays, and its change has ended.
func (b *board) remove(id string, own bool) bool {
	e := b.entry(id)
	if e != nil && e.back {
		b.end(id, nil)
		return false
	}
	b.deleted[id] = true
	if own && e != nil && !e.gone && b.isTold(e.began) {
		b.leaving[id] = e
	}
	b.take(id)
	return true
}

// event applies an event. It returns false if the place of a restored task is unknown, because of own changes whose events
// have not arrived yet. Then all tasks must be loaded.
func (b *board) event(c change) (inOrder bool) {
	id := c.Task.ID
	e := b.entry(id)
	if c.After != nil {
		delete(b.returning, id)
	}
	switch {
	case e != nil && e.restored && c.After == nil: // what is told was before its return
		e.fresh = e.fresh && c.Kind != kindAdded
	case c.Kind == kindDeleted:
		b.deleted[id] = true
		delete(b.leaving, id)
		if e != nil {
			b.vanish(e)
		}
	case e != nil:
		if c.Kind == kindAdded {
			e.fresh, e.restored = false, false
			if e.gone {
				e.gone, e.back = false, true
			}
		}
		b.tell(e, c.Task)
		return c.After == nil || b.isAfter(id, *c.After)
	case c.Kind == kindAdded && c.After != nil:
		if b.leaving[id] == nil {
			delete(b.deleted, id)
			b.insert(b.place(*c.After), c.Task)
			return b.isAfter(id, *c.After)
		}
	case c.Kind == kindAdded && !b.deleted[id]:
		// Tasks whose own event has not arrived yet are newer.
		i := len(b.entries)
		for i > 0 && b.entries[i-1].fresh {
			i--
		}
		b.insert(i, c.Task)
	}
	if was := b.leaving[id]; was != nil && c.Kind == kindAdded {
		was.fresh = false
	}
	return true
}

// tell applies an event about a task that the board has.
func (b *board) tell(e *entry, t Task) {
	switch {
	case len(e.echoes) > 0 && e.echoes[0] == t:
		e.echoes = e.echoes[1:]
	case e.changing:
		e.meanwhile = append(e.meanwhile, t)
	case len(e.echoes) == 0:
		b.update(e, t)
	}
}

// reloading marks that all tasks are about to be loaded. The loaded list will include all changes that were answered until
// now; their events may not come.
func (b *board) reloading() {
	for _, e := range b.entries {
		e.fresh, e.restored, e.echoes = false, false, nil
	}
	clear(b.deleted)
	clear(b.leaving)
}

// fill stores all tasks, as they were at some time after reloading. Events or answers to this window report all later
// changes.
func (b *board) fill(tasks []Task) {
	there := make(map[string]bool, len(tasks))
	for _, t := range tasks {
		there[t.ID] = true
	}
	for _, e := range slices.Clone(b.entries) {
		if !there[e.task.ID] && !e.fresh && !e.restored {
			b.vanish(e)
		}
	}
	at := 0
	var missing []Task
	flush := func() {
		b.insert(at, missing...)
		at += len(missing)
		missing = nil
	}
	for _, t := range tasks {
		i := b.index(t.ID)
		switch {
		case i >= 0:
			flush()
			b.tell(b.entries[b.index(t.ID)], t)
			at = b.index(t.ID) + 1
		case !b.deleted[t.ID]:
			missing = append(missing, t)
		}
	}
	flush()
	b.arrange(tasks)
}

// vanish removes a task that does not exist any more. If a change of it is in progress, the task is removed after that.
func (b *board) vanish(e *entry) {
	if e.changing {
		e.gone, e.back = true, false
		return
	}
	b.take(e.task.ID)
	b.list.remove(e.task.ID)
}

func (b *board) update(e *entry, t Task) {
	if e.task != t {
		e.task = t
		b.list.show(t)
	}
}

func (b *board) insert(i int, tasks ...Task) {
	if len(tasks) == 0 {
		return
	}
	entries := make([]*entry, len(tasks))
	for i, t := range tasks {
		entries[i] = &entry{task: t}
	}
	b.entries = slices.Insert(b.entries, i, entries...)
	b.list.insert(i, tasks...)
}

func (b *board) take(id string) {
	if i := b.index(id); i >= 0 {
		b.entries = slices.Delete(b.entries, i, i+1)
	}
}

func (b *board) index(id string) int {
	return slices.IndexFunc(b.entries, func(e *entry) bool { return e.task.ID == id })
}

func (b *board) entry(id string) *entry {
	if i := b.index(id); i >= 0 {
		return b.entries[i]
	}
	return nil
}

// The kinds of change in the backend's events.
const (
	kindAdded   = "added"
	kindChanged = "changed"
	kindDeleted = "deleted"
)

// change is a change of a task, in this window or another. If the task was deleted, it has the state before that.
type change struct {
	Kind string `json:"kind"`
	Task Task   `json:"task"`
	// After is the id of the task before a restored one, or "" if that is the first. It is nil for other changes.
	After *string `json:"after"`
}

// readChange parses the data of an event. It returns false for data that this page does not know, such as a kind of change of
// a newer backend.
func readChange(data string) (c change, ok bool) {
	err := json.Unmarshal([]byte(data), &c)
	known := c.Kind == kindAdded || c.Kind == kindChanged || c.Kind == kindDeleted
	return c, err == nil && known && c.Task.ID != ""
}

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
