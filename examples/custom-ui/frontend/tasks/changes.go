package tasks

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nameDraft is the key of the draft of a new task's name.
const nameDraft = "name"

// Edit stores the text that the user has typed. A message about the text disappears as soon as the text is valid.
func (p *Page) Edit(text string) {
	p.screen.KeepDraft(nameDraft, text)
	p.update(func(s *State) {
		s.Field.Text = text
		if _, problem := p.words.cleanName(text); problem == "" {
			s.Field.Problem = ""
		}
	})
}

// Add adds a task with this name. The text stays in the field until the task has been added.
func (p *Page) Add(ctx context.Context, text string) {
	var (
		backend   *api
		name, key string
	)
	p.update(func(s *State) {
		if s.Field.Adding || !s.Loaded {
			return
		}
		s.Field.Text = text
		var problem string
		name, problem = p.words.cleanName(text)
		s.complain(problem)
		if problem != "" {
			return
		}
		s.Field.Adding = true
		backend, key = p.api(s), p.keys.of(name)
	})
	if backend == nil {
		return
	}
	added, err := backend.add(ctx, name, key)
	p.update(func(s *State) {
		s.Field.Adding = false
		if refused := badInput(err); refused != nil {
			p.succeeded(s, addSubject, "")
			s.complain(p.words.refused(refused))
			return
		}
		if err != nil {
			p.failed(ctx, s, addSubject, p.words.Text("add.failed", "name", p.words.quoted(name), "reason", p.reason(err)), nil)
			return
		}
		p.keys.done(name)
		p.put(s, len(s.Rows), added)
		s.Field.Text, s.Reveal = "", added.ID
		p.screen.KeepDraft(nameDraft, "")
		lostFocus := p.succeeded(s, addSubject, p.words.Text("add.done", "name", p.words.quoted(name), "trip", p.words.trip(backend)))
		if at := p.screen.Focused().Part; lostFocus || at == FormPart || at == NoPart {
			s.Focus = Place{Part: FormPart}
		}
	})
	if err == nil {
		p.tell(ctx, added.ID)
	}
}

// complain shows a problem at the field; "" removes the message.
func (s *State) complain(problem string) {
	s.Field.Problem = problem
	if problem != "" {
		s.Focus = Place{Part: FormPart}
	}
}

// maxName is how many characters a task's name may have; the backend has the same limit.
const maxName = 200

// cleanName returns text without the white space around it, or the problem that makes it invalid as a name.
func (w *Words) cleanName(text string) (name, problem string) {
	name = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", w.Text("name.missing")
	case n > maxName:
		return "", w.Text("name.long", "most", strconv.Itoa(maxName), "n", strconv.Itoa(n))
	}
	return name, ""
}

// keys holds the Idempotency-Key of each name that was sent and not answered with a task yet. A retry sends the same key, so
// that the backend makes only one task even if the first try had reached it.
type keys map[string]string

// of returns the name's key, a new one if it has none.
func (k keys) of(name string) string {
	key, ok := k[name]
	if !ok {
		key = newKey()
		k[name] = key
	}
	return key
}

// done removes the name's key, so that the next task with that name is a new one.
func (k keys) done(name string) { delete(k, name) }

// newKey returns an unused key. It must be unique, not secret, so it needs no cryptographic source, which would make the
// program larger.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
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
		switch {
		case isGone(err):
			p.takeAway(s, id)
			p.failed(ctx, s, id, p.words.Text("row.gone", "name", name, "reason", p.reason(err)), nil)
		case err != nil:
			p.end(s, id, nil)
			text := p.words.Text("row.completing", "name", name, "reason", p.reason(err))
			if !done {
				text = p.words.Text("row.reopening", "name", name, "reason", p.reason(err))
			}
			p.failed(ctx, s, id, text, func(ctx context.Context) { p.SetDone(ctx, id, done) })
		default:
			p.end(s, id, &changed)
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
		switch {
		case err == nil:
			p.takeAway(s, id)
			p.succeeded(s, id, p.words.Text("row.deleted", "name", name, "trip", p.words.trip(backend)))
		case isGone(err): // what the user wanted
			p.takeAway(s, id)
			p.succeeded(s, id, p.words.Text("row.deletedAlready", "name", name))
		default:
			p.end(s, id, nil)
			p.failed(ctx, s, id, p.words.Text("row.deleting", "name", name, "reason", p.reason(err)), func(ctx context.Context) { p.Delete(ctx, id) })
		}
	})
	if err == nil {
		go p.offerUndo(p.life, t)
		p.tell(ctx, id)
	}
}

// begin starts a change of a task by one of its row's controls. A task has one change at a time. begin returns the task and the
// backend's API, which is nil if the change cannot start: the task is gone or busy, or may returns false. After the change,
// call end or takeAway.
func (p *Page) begin(id string, by Control, may func(s *State, r *Row) bool) (t Task, backend *api) {
	p.update(func(s *State) {
		r := s.row(id)
		if r == nil || r.Busy != None || !may(s, r) {
			return
		}
		r.Busy = by
		s.setTrying(id)
		t, backend = r.Task, p.api(s)
	})
	return t, backend
}

// end ends a change of a task. own is the task in the backend's answer, or nil if the change failed.
func (p *Page) end(s *State, id string, own *Task) {
	if r := s.row(id); r != nil {
		if own != nil {
			r.Task = *own
		}
		r.Busy, r.Done = None, r.Task.Done
	}
	p.noteChange(s, id)
}
