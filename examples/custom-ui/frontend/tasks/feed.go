package tasks

import (
	"context"
	"errors"
	"io"
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
	lastRetry  = 5 * time.Second
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

// feed follows the backend's events. bridge.Events reconnects by itself, but silently. Here the user should see it, so feed
// calls bridge.Events for each connection.
type feed struct {
	// send sends direct requests: the other ways cannot stream.
	send Sender
	// connected is called when a connection is open, and when it is not any more.
	connected func(is bool)
	// changed is called for each event.
	changed func()
	// stuck is called with the reason if the first attempts fail, patience times. The feed continues to try.
	stuck func(err error)

	// wasConnected is set after the first connection. failures counts the failures since the last one.
	wasConnected bool
	failures     int
}

// run follows the events until ctx ends, or until a permanent error, which it returns.
func (f *feed) run(ctx context.Context) error {
	for {
		err := f.connect(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil && !mayHeal(err) {
			return err
		}
		wait := waitAfter(f.failures, err)
		f.failures++
		if !f.wasConnected && f.failures == patience {
			f.stuck(err)
		}
		pause(ctx, wait)
	}
}

// connect follows one connection until it breaks.
func (f *feed) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.AfterFunc(silence, cancel)
	defer timer.Stop()
	response, err := f.send(ctx, Request{Path: "/tasks/events"})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if err := response.Err(); err != nil {
		return err
	}
	f.wasConnected, f.failures = true, 0
	f.connected(true)
	defer f.connected(false)
	// Without a client, Events cannot reconnect.
	once := &bridge.Response{Status: response.Status, StatusText: response.StatusText, Header: response.Header}
	once.Body = heard{response.Body, timer}
	for _, err := range bridge.Events(ctx, once) {
		if err != nil {
			return err
		}
		f.changed()
	}
	return nil
}

// heard is a body that resets the timer whenever data arrives.
type heard struct {
	io.ReadCloser
	timer *time.Timer
}

func (h heard) Read(p []byte) (int, error) {
	n, err := h.ReadCloser.Read(p)
	if n > 0 {
		h.timer.Reset(silence)
	}
	return n, err
}

// mayHeal reports whether a later try may succeed without anybody's help.
func mayHeal(err error) bool {
	for _, final := range []error{bridge.ErrBlocked, bridge.ErrNoBridge, bridge.ErrUnknownRemote, bridge.ErrInvalidRequest, bridge.ErrInvalidResponse} {
		if errors.Is(err, final) {
			return false
		}
	}
	r, ok := errors.AsType[*bridge.StatusError](err)
	return !ok || r.Status >= 500 || r.Status == 408 || r.Status == 429
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
