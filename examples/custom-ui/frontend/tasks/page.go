// Package tasks is the Tasks page without the page: all that it does, in plain Go, so that plain "go test" tests it.
//
// A [Page] holds a [State] and is the only one to change it. A [Screen] shows the state; what the user does, it hands on
// by calling the page's methods, each of which does one thing and returns when that is done. The package has no element
// of a page in it, and the program that has them decides nothing.
package tasks

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
)

// Page is the Tasks page. Its methods may be called at the same time.
type Page struct {
	screen  Screen
	senders Senders
	tokens  *bridge.TokenCache
	words   *Words
	windows Windows // nil if nothing is shared

	// mu guards what follows. No call is made under it.
	mu    sync.Mutex
	state State
	board *board
	keys  keys
	// name is the window's in messages to others, and news has a value when there is a message.
	name string
	news chan struct{}
	// hasRealtime is set once the product has shown that it has realtime.
	hasRealtime bool
	// isOpen is set while a dialog with details is open, or about to be.
	isOpen bool
	// following is set while the list is kept current.
	following bool
	// cancels stops a task's transfer.
	cancels map[string]context.CancelCauseFunc
	// offers are to undo a task's deletion; flags counts them.
	offers map[string]*offer
	flags  int
	// retries are what a failure's subject can try again; failures counts the messages.
	retries  map[string]func(ctx context.Context)
	failures int
}

// New gives a page, which is empty until Run. The tokens are those of the direct way, and the setting is [Settle]'s.
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

// update is the one place where the state changes: f changes it, and then it is shown. Methods that take a *State are for
// the inside of f.
func (p *Page) update(f func(s *State)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Focus = Place{}
	f(&p.state)
	p.screen.Show(p.state)
}

// api gives the backend by the way that is chosen now.
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

// Choose chooses the way by which requests are sent from now on. Direct is also what keeps the list current, so that it
// is tried again if it did not work.
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
