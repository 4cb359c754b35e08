package tasks

import "slices"

// list shows what a board holds. Its methods are called for what is news to it, and not otherwise.
type list interface {
	// insert shows tasks, the first as the i-th.
	insert(i int, tasks ...Task)
	// show shows a task, which is there, as it is now.
	show(t Task)
	// remove takes a task away that was deleted elsewhere.
	remove(id string)
	// arrange puts the tasks, which are all there, into the order of these ids.
	arrange(ids []string)
}

// board holds the tasks in the order of the backend, and merges into them what this window does and what the backend
// tells of all windows.
//
// The backend tells the changes of a list in the order in which they happened, this window's own among them. So each task
// ends up as the last event about it says. Before that, an event can be older than what is shown, because an own change
// was answered first; such an event shows nothing:
//
//   - While a change of this window is under way, its task stays as the user has put it. What is told meanwhile is shown
//     when the change has ended, unless the change came after it.
//   - After it was answered, what is told of the task is older until the own change itself is told (its echo).
//   - A task that was deleted comes back only if somebody brought it back since.
type board struct {
	list    list
	entries []*entry
	deleted map[string]bool
	// leaving are the tasks that this window deleted and of which that is not told yet.
	leaving map[string]*entry
	// returning has the connection, or 0, on which it will be told of each task that this window is bringing back.
	returning map[string]int
	// following says that changes are told, and connection counts how often that has begun or ended.
	following  bool
	connection int
}

// entry is what the board knows of one task.
type entry struct {
	// task is as it is shown, but for a change that is under way.
	task Task
	// fresh is set while the backend has not told yet that this window added the task.
	fresh bool
	// restored is set while the backend has not told yet that this window brought the task back.
	restored bool
	// changing is set while a change of this window is under way; began is the connection on which its echo will come, 0
	// if none is to come for sure.
	changing bool
	began    int
	// meanwhile is what was told while changing; gone says that the task was deleted then, and back that it was brought back
	// after that.
	meanwhile  []Task
	gone, back bool
	// echoes are the own changes that were answered and not told yet.
	echoes []Task
}

func newBoard(l list) *board {
	return &board{list: l, deleted: make(map[string]bool), leaving: make(map[string]*entry), returning: make(map[string]int)}
}

// follow says that from now on changes are told, and lost that they are not.
func (b *board) follow() {
	if !b.following {
		b.following = true
		b.connection++
	}
}

func (b *board) lost() { b.following = false }

// mark gives the connection on which a change that begins now is told; 0 if there is none.
func (b *board) mark() int {
	if b.following {
		return b.connection
	}
	return 0
}

// isTold reports whether a change that began at this mark and has just been answered will be told.
func (b *board) isTold(mark int) bool { return mark != 0 && mark == b.mark() }

// begin says that a change of the task begins in this window; end must follow.
func (b *board) begin(id string) {
	if e := b.entry(id); e != nil {
		e.changing, e.began = true, b.mark()
	}
}

// end says how the change went: own is the task as the backend answered it, nil if the change failed. The task is shown
// as it is then.
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
		// Not told yet, so that all that was told is older.
		e.task = *own
		if b.isTold(e.began) {
			e.echoes = append(e.echoes, *own)
		}
	case len(meanwhile) > 0:
		e.task = meanwhile[len(meanwhile)-1]
	}
	b.list.show(e.task)
}

// add shows a task that this window added, where mark was taken before the request.
func (b *board) add(t Task, mark int) {
	switch e := b.entry(t.ID); {
	case b.deleted[t.ID]:
	case e == nil:
		b.insert(len(b.entries), t)
		b.entries[len(b.entries)-1].fresh = b.isTold(mark)
	case !b.following && !e.changing:
		b.update(e, t) // a second try, whose first one had reached the backend
	}
}

// remove forgets a task that this window deleted, or, if it is not its own deletion, found deleted. It reports false for one
// that was brought back since: that one stays, and its change has ended.
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

// event takes in what the backend tells. It reports false if it cannot tell any more where a task belongs that was brought
// back: own changes that are not told yet are between. All tasks are to be loaded then.
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
		// Tasks whose own event is still to come are younger.
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

// tell takes in what is told of a task that is there.
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

// reloading says that all tasks are about to be loaded: what has been answered up to now will be in what is loaded, and
// may not be told.
func (b *board) reloading() {
	for _, e := range b.entries {
		e.fresh, e.restored, e.echoes = false, false, nil
	}
	clear(b.deleted)
	clear(b.leaving)
}

// fill takes in all tasks, as they were at some time since reloading. What happened after that time is told, or has been
// answered to this window.
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

// vanish takes a task away that is not there any more, or has it taken away when the change that is under way has ended.
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
