// Package tasks is the logic of the Tasks page in plain Go, so that plain "go test" can test it.
//
// A [Page] holds a [State], and only the Page changes it. A [Screen] shows the state. It forwards the user's actions by calling
// the page's methods. Each of these does one thing and returns when that is done. This package does not touch the document;
// the program that does makes no decisions.
package tasks

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
)

// Page is the Tasks page. Its methods are safe for concurrent use.
type Page struct {
	screen  Screen
	senders Senders
	tokens  *bridge.TokenCache
	words   *Words
	windows Windows // nil if nothing is shared

	// mu guards the fields below. It is not held during calls.
	mu    sync.Mutex
	state State
	board *board
	keys  keys
	// name identifies this window in messages to others, and news has a value when a message has arrived.
	name string
	news chan struct{}
	// hasRealtime is set once the product has confirmed a subscription.
	hasRealtime bool
	// isOpen is set while a dialog with details is open or being opened.
	isOpen bool
	// following is set while the list is kept current.
	following bool
	// cancels stops a task's transfer.
	cancels map[string]context.CancelCauseFunc
	// offers holds the offers to undo a deletion, by task; flags counts them.
	offers map[string]*offer
	flags  int
	// retries holds the function that retries a failure, by subject; failures counts the messages.
	retries  map[string]func(ctx context.Context)
	failures int
}

// New returns a page, which is empty until Run. The tokens are for direct requests, and the setting is from [LoadSetting].
func New(screen Screen, senders Senders, tokens *bridge.TokenCache, setting Setting) *Page {
	p := &Page{
		screen:  screen,
		senders: senders,
		tokens:  tokens,
		words:   setting.Words,
		state:   State{Words: setting.Words, Where: setting.Where, Loading: true},
		name:    newKey(),
		news:    make(chan struct{}, 1),
		keys:    make(keys),
		cancels: make(map[string]context.CancelCauseFunc),
		offers:  make(map[string]*offer),
		retries: make(map[string]func(ctx context.Context)),
	}
	p.board = newBoard((*rows)(p))
	return p
}

// update is the only place where the state changes: f changes it, and then it is shown. Call methods that take a *State only
// in f.
func (p *Page) update(f func(s *State)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Focus = Place{}
	f(&p.state)
	p.screen.Show(p.state)
}

// api returns the backend's API by the current way.
func (p *Page) api(s *State) *api { return p.by(s.Way) }

func (p *Page) by(w Way) *api { return &api{way: w, send: p.senders[w]} }

// Run loads the tasks and keeps them current until ctx ends. If they cannot be loaded, the user can try again.
func (p *Page) Run(ctx context.Context) {
	var backend *api
	p.update(func(s *State) {
		s.Status, s.Loading = p.words.Text("page.loading"), true
		s.setTrying(listSubject)
		backend = p.api(s)
	})
	all, err := backend.list(ctx)
	p.update(func(s *State) {
		s.Loading = false
		if err != nil {
			p.failed(ctx, s, listSubject, p.words.Text("page.failed", "reason", p.words.reason(err)), p.Run)
			return
		}
		s.Loaded = true
		p.board.fill(all)
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
