package relay

import (
	"context"
	"errors"
	"sync"
	"time"
)

// phase is what happens to a new request.
type phase int

const (
	// starting means that there was no backend yet: requests wait.
	starting phase = iota
	// holding means that the backend restarts: requests wait.
	holding
	// forwarding means that requests go to the backend.
	forwarding
	// failed means that requests end.
	failed
)

// state is a phase with what belongs to it: the backend's address when forwarding, the reason when failed.
type state struct {
	phase phase
	addr  string
	err   error
	// over is closed when the next state begins.
	over chan struct{}
}

// changed reports whether another state has begun.
func (s state) changed() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

var (
	errWaited  = errors.New("waited too long")
	errCrowded = errors.New("too many requests wait")
)

// gate lets requests through while the backend runs, and lets them wait while it starts.
type gate struct {
	wait  time.Duration
	limit int

	mu      sync.Mutex
	now     state
	waiting int
	// inside counts the requests that have passed and have not left. empty is closed when there are none, if somebody
	// waits for that.
	inside int
	empty  chan struct{}
}

func newGate(wait time.Duration, limit int) *gate {
	return &gate{wait: wait, limit: limit, now: state{over: make(chan struct{})}}
}

func (g *gate) set(s state) {
	s.over = make(chan struct{})
	g.mu.Lock()
	before := g.now
	g.now = s
	g.mu.Unlock()
	close(before.over)
}

func (g *gate) current() state {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

// pass returns the state when it lets requests through or ends them, and how long it has waited for that. It waits until
// timeout receives. The error is errWaited, errCrowded or ctx's. If the state is forwarding, the request counts as inside
// until leave.
func (g *gate) pass(ctx context.Context, timeout <-chan time.Time) (s state, waited time.Duration, err error) {
	g.mu.Lock()
	s, ok := g.enter()
	if !ok && g.waiting >= g.limit {
		err = errCrowded
	}
	if ok || err != nil {
		g.mu.Unlock()
		return s, 0, err
	}
	g.waiting++
	g.mu.Unlock()
	began := time.Now()
	defer func() {
		waited = time.Since(began)
		g.mu.Lock()
		g.waiting--
		g.mu.Unlock()
	}()
	for {
		select {
		case <-s.over:
		case <-timeout:
			return s, 0, errWaited
		case <-ctx.Done():
			return s, 0, ctx.Err()
		}
		g.mu.Lock()
		s, ok = g.enter()
		g.mu.Unlock()
		if ok {
			return s, 0, nil
		}
	}
}

// enter returns the state, and whether it lets a request through or ends it. The caller holds mu: no request may pass
// after the state has changed.
func (g *gate) enter() (s state, ok bool) {
	if g.now.phase == forwarding {
		g.inside++
	}
	return g.now, g.now.phase == forwarding || g.now.phase == failed
}

// leave says that a request that has passed needs the backend no more.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// drained returns a channel that is closed when no request is inside.
func (g *gate) drained() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	empty := g.empty
	if empty == nil {
		empty = make(chan struct{})
		if g.inside == 0 {
			close(empty)
		} else {
			g.empty = empty
		}
	}
	return empty
}
