package tasks

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/forgego/forgego/bridge"
)

const (
	// silence is how long the backend may send nothing before the connection counts as broken. The backend sends a comment
	// every 5 seconds. After a laptop has slept, there is no other sign of a broken connection.
	silence = 8 * time.Second
	// The wait before a connection is opened again doubles with each failure. Half of it is random, so that the windows do
	// not reconnect at the same time.
	firstRetry = time.Second
	lastRetry  = 4 * time.Second
	// longestWait is the longest wait that the backend can request by Retry-After.
	longestWait = 10 * time.Minute
	// patience is the number of failures after which the user is told.
	patience = 3
)

// Liveness describes how the list is kept current.
type Liveness int

const (
	// NotLive means that the list shows only this window's changes.
	NotLive Liveness = iota
	// Reconnecting means that the list was current, and may become current again.
	Reconnecting
	// Live means that the list shows other windows' changes at once.
	Live
)

// feed follows the backend's events. bridge.ServerSentEvents reconnects by itself, and reports what it does.
type feed struct {
	// direct is the client for direct requests: the other ways cannot stream.
	direct *bridge.Client
	// connected is called when a connection is open, and when it is not any more.
	connected func(is bool)
	// changed is called for each event.
	changed func()
	// stuck is called with the reason if the first attempts fail, patience times. The feed continues to try.
	stuck func(err error)

	// isConnected is set while a connection is open, and wasConnected after the first one. failures counts those before
	// it.
	isConnected, wasConnected bool
	failures                  int
}

// run follows the events until ctx ends, or until a permanent error, which it returns.
func (f *feed) run(ctx context.Context) error {
	ctx = bridge.NewContext(ctx, f.direct)
	for _, err := range bridge.ServerSentEvents(ctx, RemoteKey, bridge.Request{Path: "/tasks/events"},
		bridge.WithMaxSilence(silence), bridge.WithMaxWait(lastRetry), bridge.WithStates(f.state)) {
		if err != nil {
			return err
		}
		f.changed()
	}
	return nil
}

// state tells the page about a new state.
func (f *feed) state(s bridge.ServerSentState) {
	if isOpen := s.Phase == bridge.ServerSentOpen; isOpen != f.isConnected {
		f.isConnected = isOpen
		f.wasConnected = true
		f.connected(isOpen)
	}
	if s.Phase != bridge.ServerSentWaiting || f.wasConnected {
		return
	}
	if f.failures++; f.failures == patience {
		f.stuck(s.Err)
	}
}

// waitAfter returns the wait after this number of failures and this error. The backend may ask for a longer one.
func waitAfter(failures int, err error) time.Duration {
	d := min(firstRetry<<min(failures, 10), lastRetry)
	d = d/2 + time.Duration(rand.Int64N(int64(d)/2+1))
	if r, ok := errors.AsType[*bridge.StatusError](err); ok {
		d = max(d, min(r.RetryAfter(), longestWait))
	}
	return d
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
