package tasks

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/view"
)

// Details is the page in the dialog with a task's details, where the task can be renamed. Its methods are safe for concurrent
// use.
type Details struct {
	screen DetailsScreen
	direct *bridge.Client
	way    Way
	words  *Words
	// name identifies this window in messages to others.
	name string
	id   string

	mu    sync.Mutex
	state DetailsState
	retry func(ctx context.Context)
	// isConflict is set while the message asks which of two names the task should have.
	isConflict bool
}

// DetailsScreen shows the details. Its method is never called concurrently, and must not call the page's methods.
type DetailsScreen interface {
	Drafts
	ShowDetails(s DetailsState)
	// IsOnline reports whether the browser has a network.
	IsOnline() bool
}

// DetailsState is the state that the dialog shows.
type DetailsState struct {
	Words *Words
	Where Where
	// Loading is set while the task is loaded, and Loaded once it is there.
	Loading, Loaded bool
	Task            Task
	// Field has the task's name. Its Adding is set while the name is being saved.
	Field Field
	// Status describes the last event; it is empty after a failure.
	Status string
	// Failures has the message about what failed, if there is one.
	Failures []Failure
	// ToField and ToFailure are set if the keyboard focus should move to the field, or to the message.
	ToField, ToFailure bool
}

// NewDetails returns the page of the task in the setting. It is empty until Run. direct is the client for direct requests.
func NewDetails(screen DetailsScreen, direct *bridge.Client, setting Setting) *Details {
	way := setting.Opened.Way
	if way < RequestRemote || way > Direct {
		way = RequestRemote
	}
	return &Details{
		screen: screen,
		direct: direct,
		way:    way,
		words:  setting.Words,
		name:   newKey(),
		id:     setting.Opened.Task,
		state:  DetailsState{Words: setting.Words, Where: setting.Where, Loading: true},
	}
}

// update is the only place where the state changes: f changes it, and then it is shown.
func (d *Details) update(f func(s *DetailsState)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state.ToField, d.state.ToFailure = false, false
	f(&d.state)
	d.screen.ShowDetails(d.state)
}

func (d *Details) by(w Way) *api { return &api{way: w, direct: d.direct} }

// Run loads the task. If it cannot be loaded, the user can try again.
//
// It loads the whole list by RequestRemote, because the shim has started this request while the program was loading. Later
// tries use the way of the list's page.
func (d *Details) Run(ctx context.Context) { d.load(ctx, RequestRemote) }

func (d *Details) load(ctx context.Context, by Way) {
	d.update(func(s *DetailsState) {
		s.Loading, s.Status = true, d.words.Text("details.loading")
		s.setTrying()
	})
	all, err := d.by(by).list(ctx)
	i := slices.IndexFunc(all, func(t Task) bool { return t.ID == d.id })
	d.update(func(s *DetailsState) {
		s.Loading = false
		switch {
		case err != nil:
			d.failed(ctx, s, d.words.Text("details.failed", "reason", d.reason(err)), func(ctx context.Context) { d.load(ctx, d.way) })
		case i < 0:
			d.failed(ctx, s, d.words.Text("details.gone"), nil)
		default:
			d.succeeded(s, "")
			s.Loaded, s.Task, s.ToField = true, all[i], true
			s.Field.Text = s.Task.Name
			if draft := d.screen.Draft(renameDraft(d.id)); draft != "" {
				s.Field.Text = draft
			}
		}
	})
}

// renameDraft is the key of the draft of a task's new name.
func renameDraft(id string) string { return "rename " + id }

// Edit stores the text that the user has typed. A message about the text disappears as soon as the text is valid.
func (d *Details) Edit(text string) {
	d.screen.KeepDraft(renameDraft(d.id), text)
	d.update(func(s *DetailsState) {
		s.Field.Text = text
		if _, problem := d.words.cleanName(text); problem == "" {
			s.Field.Problem = ""
		}
	})
}

// Save renames the task and closes the dialog.
func (d *Details) Save(ctx context.Context, text string) {
	var name string
	begun, isChanged := false, false
	d.update(func(s *DetailsState) {
		if s.Field.Adding || !s.Loaded {
			return
		}
		s.Field.Text = text
		name, s.Field.Problem = d.words.cleanName(text)
		s.ToField = s.Field.Problem != ""
		begun = s.Field.Problem == ""
		isChanged = begun && name != s.Task.Name
		s.Field.Adding = isChanged
		if isChanged {
			s.setTrying()
		}
	})
	switch {
	case isChanged:
		d.rename(ctx, name)
	case begun:
		d.Close(ctx)
	}
}

func (d *Details) rename(ctx context.Context, name string) {
	var was Task
	d.update(func(s *DetailsState) { was = s.Task })
	renamed, err := d.by(d.way).rename(ctx, was, name)
	theirs, isChanged := changedMeanwhile(err)
	if isChanged && theirs.Name == name {
		renamed, err = theirs, nil // both want the same
	}
	d.update(func(s *DetailsState) {
		s.Field.Adding = false
		switch refused := badInput(err); {
		case err != nil && isChanged:
			s.Task = theirs
			d.ask(ctx, s, was.Name, name)
		case refused != nil:
			d.succeeded(s, "")
			s.Field.Problem, s.ToField = d.words.refused(refused), true
		case err != nil:
			retry := func(ctx context.Context) { d.Save(ctx, name) }
			if isGone(err) {
				retry = nil
			}
			d.failed(ctx, s, d.words.Text("details.renaming", "name", d.words.quoted(s.Task.Name), "reason", d.reason(err)), retry)
		default:
			s.Task = renamed
			s.Field.Text = renamed.Name
			// This is visible only if the dialog cannot be closed from here.
			d.succeeded(s, d.words.Text("details.stuck"))
		}
	})
	if err == nil {
		d.screen.KeepDraft(renameDraft(d.id), "")
		announce(ctx, d.id, d.name)
		_ = view.Close(ctx, renamed)
	}
}

// ask asks which name the task should have, because somebody else has renamed it meanwhile.
func (d *Details) ask(ctx context.Context, s *DetailsState, old, mine string) {
	theirs, own := d.words.quoted(s.Task.Name), d.words.quoted(mine)
	d.failed(ctx, s, d.words.Text("details.conflict", "old", d.words.quoted(old), "theirs", theirs, "mine", own),
		func(ctx context.Context) { d.Save(ctx, mine) })
	if len(s.Failures) > 0 {
		f := &s.Failures[0]
		f.CanDismiss = true
		f.RetryText, f.DismissText = d.words.Text("details.useMine", "name", own), d.words.Text("details.keepTheirs", "name", theirs)
		d.isConflict, s.ToFailure = true, true
	}
}

// Close closes the dialog without a change. If that fails, the user can close it.
func (d *Details) Close(ctx context.Context) {
	d.screen.KeepDraft(renameDraft(d.id), "")
	_ = view.Close(ctx, nil)
}

// OpenProductPage opens the product's page around the app in a new tab, so that the dialog stays.
func (d *Details) OpenProductPage(ctx context.Context) {
	d.mu.Lock()
	where := d.state.Where
	d.mu.Unlock()
	if err := where.open(ctx, true); err != nil {
		d.update(func(s *DetailsState) {
			d.failed(ctx, s, d.words.Text("where.failed", "where", where.Text, "reason", d.reason(err)), d.OpenProductPage)
		})
	}
}

// Retry tries again what failed.
func (d *Details) Retry(ctx context.Context) {
	var retry func(ctx context.Context)
	d.update(func(s *DetailsState) {
		if len(s.Failures) > 0 && !s.Failures[0].Trying {
			retry = d.retry
		}
	})
	if retry != nil {
		retry(ctx)
	}
}

// Dismiss removes the message. If it asks which name to use, the task keeps the other user's name, and the dialog closes.
func (d *Details) Dismiss(ctx context.Context) {
	isConflict := false
	d.update(func(s *DetailsState) {
		isConflict = d.isConflict
		s.Failures, d.isConflict = nil, false
		s.ToField = !isConflict
		if isConflict {
			s.Field.Text = s.Task.Name
		}
	})
	if isConflict {
		d.Close(ctx)
	}
}

// reason returns sentences for the user: why a call failed, and what to do.
func (d *Details) reason(err error) string { return d.words.reasonFor(err, !d.screen.IsOnline()) }

// succeeded sets the status and removes the message of an earlier try.
func (d *Details) succeeded(s *DetailsState, text string) {
	s.Status, s.Failures, d.retry, d.isConflict = text, nil, nil, false
}

// failed shows a failure, unless its cause is that the page is closed. If retry is not nil, the user can call it.
func (d *Details) failed(ctx context.Context, s *DetailsState, text string, retry func(ctx context.Context)) {
	if ctx.Err() != nil {
		return
	}
	number := 1
	if len(s.Failures) > 0 {
		number = s.Failures[0].Number + 1
	}
	s.Status, d.retry, d.isConflict = "", retry, false
	s.Failures = []Failure{{Number: number, Subject: d.id, Text: text, CanRetry: retry != nil, CanDismiss: s.Loaded}}
}

// setTrying marks the message, if there is one, while a retry is in progress.
func (s *DetailsState) setTrying() {
	if len(s.Failures) > 0 {
		f := s.Failures[0]
		f.Trying = true
		s.Failures = []Failure{f}
	}
}

// Opened is the data that the list passes to the dialog that it opens. The page in the dialog finds it in its context.
type Opened struct {
	// Task is the id of the task whose details to show.
	Task string `json:"task"`
	// Way is the way to send requests.
	Way Way `json:"way"`
}

// OpenDetails opens a dialog with a task's details, where the same program shows [Details]. It returns when the dialog is
// closed.
func (p *Page) OpenDetails(ctx context.Context, id string) {
	var t Task
	var opened *Opened
	p.update(func(s *State) {
		if r := s.row(id); r != nil && !p.isOpen {
			p.isOpen = true
			p.clear(s, id)
			t, opened = r.Task, &Opened{id, s.Way}
		}
	})
	if opened == nil {
		return
	}
	renamed, err := modal.Ask[Task](ctx, modal.Modal{Title: p.words.Text("details.title"), Size: modal.Medium, Context: opened})
	p.screen.KeepDraft(renameDraft(id), "") // also if the user has closed the dialog with Escape
	p.update(func(s *State) {
		p.isOpen = false
		switch {
		case errors.Is(err, modal.ErrDismissed), errors.Is(err, bridge.ErrInvalidResponse):
		case err != nil:
			p.failed(ctx, s, id, p.words.Text("details.opening", "name", p.words.quoted(t.Name), "reason", p.reason(err)),
				func(ctx context.Context) { p.OpenDetails(ctx, id) })
			return
		case renamed.ID == id && renamed.Name != t.Name:
			s.Status = p.words.Text("details.renamed", "old", p.words.quoted(t.Name), "name", p.words.quoted(renamed.Name))
			// Otherwise the list is loaded.
			if r := s.row(id); r != nil && r.Busy == None && s.Live != Live {
				r.Task, r.Done = renamed, renamed.Done
			}
		}
		s.Focus = Place{Part: FormPart}
		if s.row(id) != nil {
			s.Focus = Place{DetailsPart, id}
		}
		p.someNews() // even if the name is not the user's
	})
}
