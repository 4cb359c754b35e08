// Package tasks is the logic of the Tasks page in plain Go, so that plain "go test" can test it.
//
// A [Page] holds a [State], and only the Page changes it. A [Screen] shows the state. It forwards the user's actions by calling
// the page's methods. Each of these does one thing and returns when that is done. This package does not touch the document;
// the program that does makes no decisions.
package tasks

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/forgego/forgego/bridge"
)

// Page is the Tasks page. Its methods are safe for concurrent use.
type Page struct {
	screen  Screen
	direct  *bridge.Client
	tokens  *bridge.TokenCache
	words   *Words
	windows Windows // nil if nothing is shared

	// mu guards the fields below. It is not held during calls.
	mu    sync.Mutex
	state State
	// life ends when the page is closed. The context of an action ends with the action.
	life context.Context
	keys keys
	// changed has the tasks that this window has changed since the last load of the list began. stale is set if a load did
	// not show these tasks, because it may be older than the changes.
	changed map[string]bool
	stale   bool
	// name identifies this window in messages to others, and news has a value if the list must be loaded.
	name string
	news chan struct{}
	// connected is set while this window gets news, and current if the last load since then succeeded.
	connected, current bool
	// hasRealtime is set once the product has confirmed a subscription.
	hasRealtime bool
	// isOpen is set while a dialog with details is open or being opened. The focus then stays in the dialog.
	isOpen bool
	// isOffline is set while the browser reports that it has no network. A host on the same computer can still be reached.
	isOffline atomic.Bool
	// following is set while the list is kept current.
	following bool
	// cancels stops a task's transfer.
	cancels map[string]context.CancelCauseFunc
	// offers are the open offers to undo a deletion, the oldest first; flags counts all of them.
	offers []*offer
	flags  int
	// retries holds the function that retries a failure, by subject; failures counts the messages.
	retries  map[string]func(ctx context.Context)
	failures int
}

// New returns a page, which is empty until Run. direct is the client for direct requests, tokens are its tokens, and the
// setting is from [LoadSetting]. All other calls use the client in the context.
func New(screen Screen, direct *bridge.Client, tokens *bridge.TokenCache, setting Setting) *Page {
	return &Page{
		screen: screen,
		direct: direct,
		tokens: tokens,
		words:  setting.Words,
		state: State{
			Words: setting.Words, Where: setting.Where, Loading: true,
			Field: Field{Text: screen.Draft(nameDraft)},
		},
		name:    newKey(),
		news:    make(chan struct{}, 1),
		keys:    make(keys),
		changed: make(map[string]bool),
		cancels: make(map[string]context.CancelCauseFunc),
		retries: make(map[string]func(ctx context.Context)),
	}
}

// update is the only place where the state changes: f changes it, and then it is shown. Call methods that take a *State only
// in f.
func (p *Page) update(f func(s *State)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Focus, p.state.Reveal = Place{}, ""
	f(&p.state)
	if p.isOpen {
		p.state.Focus = Place{}
	}
	p.screen.Show(p.state)
}

// api returns the backend's API by the current way.
func (p *Page) api(s *State) *api { return p.by(s.Way) }

func (p *Page) by(w Way) *api {
	a := &api{way: w, direct: p.direct, failed: p.callFailed, limit: callTimeout}
	if p.isOffline.Load() {
		a.limit = offlineTimeout
	}
	return a
}

// Run loads the tasks and keeps them current until ctx ends. If they cannot be loaded, the user can try again.
func (p *Page) Run(ctx context.Context) {
	var backend *api
	p.update(func(s *State) {
		if p.life == nil {
			p.life = ctx
		}
		s.Status, s.Loading = p.words.Text("page.loading"), true
		s.setTrying(listSubject)
		backend = p.api(s)
	})
	all, err := backend.list(ctx)
	p.update(func(s *State) {
		s.Loading = false
		if err != nil {
			p.failed(ctx, s, listSubject, p.words.Text("page.failed", "reason", p.reason(err)), p.Run)
			return
		}
		s.Loaded = true
		p.fill(s, all)
		if p.succeeded(s, listSubject, p.words.Count("page.loaded", int64(len(all)), "trip", p.words.trip(backend))) {
			s.Focus = Place{Part: FormPart}
		}
	})
	if err == nil {
		p.follow(ctx)
	}
}

// Choose sets the way for later requests. Direct requests can also keep the list current, so Choose tries this again if it
// did not work.
func (p *Page) Choose(ctx context.Context, w Way) {
	follows := false
	p.update(func(s *State) {
		s.Way = w
		follows = w == Direct && s.Loaded
	})
	if follows {
		p.follow(ctx)
	}
}

// These are the subjects of failures that are not about a task. They contain spaces, which ids do not.
const (
	listSubject       = "the list"
	addSubject        = "a new task"
	unexpectedSubject = "the program"
)

// Report shows an error that no action expected, which is a bug.
func (p *Page) Report(ctx context.Context, err error) {
	p.update(func(s *State) { p.failed(ctx, s, unexpectedSubject, p.reason(err), nil) })
}

// succeeded sets the status and removes the message of an earlier try. It reports whether that message had the focus.
func (p *Page) succeeded(s *State, subject, text string) (lostFocus bool) {
	s.Status = text
	return p.clear(s, subject)
}

// failed shows a failure, unless its cause is that the page is closed. It replaces an older message about the subject. If
// retry is not nil, the user can call it.
func (p *Page) failed(ctx context.Context, s *State, subject, text string, retry func(ctx context.Context)) {
	if ctx.Err() != nil {
		return
	}
	if p.clear(s, subject) {
		s.Focus = Place{FailurePart, subject}
	}
	// The last event is the failure, which has its own message.
	s.Status = ""
	p.failures++
	p.retries[subject] = retry
	s.Failures = append(s.Failures, Failure{
		Number:   p.failures,
		Subject:  subject,
		Text:     text,
		CanRetry: retry != nil,
		// Without its list the page is of no use.
		CanDismiss: subject != listSubject,
	})
}

// clear removes the subject's message. It reports whether the message had the focus, which then needs a new place.
func (p *Page) clear(s *State, subject string) (hadFocus bool) {
	if s.failure(subject) == nil {
		return false
	}
	delete(p.retries, subject)
	s.Failures = slices.DeleteFunc(s.Failures, func(f Failure) bool { return f.Subject == subject })
	return p.screen.Focused() == Place{FailurePart, subject}
}

// setTrying marks the subject's message, if there is one, while a retry is in progress. The retry ends with succeeded or
// failed.
func (s *State) setTrying(subject string) {
	if f := s.failure(subject); f != nil {
		f.Trying = true
	}
}

// Retry tries again what failed.
func (p *Page) Retry(ctx context.Context, subject string) {
	var retry func(ctx context.Context)
	p.update(func(s *State) {
		if f := s.failure(subject); f != nil && !f.Trying {
			retry = p.retries[subject]
		}
	})
	if retry != nil {
		retry(ctx)
	}
}

// Dismiss removes the subject's message at the user's request.
func (p *Page) Dismiss(subject string) {
	p.update(func(s *State) {
		p.clear(s, subject)
		s.Focus = Place{Part: FormPart}
	})
}
