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
	// silence is how long the backend may send nothing at all, not even the comment that it sends every 15 seconds, before
	// the connection counts as broken. After a laptop has slept, nothing else tells.
	silence = 45 * time.Second
	// The time to wait before a connection is opened again. It doubles with each failure, and half of it is by chance, so
	// that not all windows come at once.
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
	// longestWait is the longest that the backend can make the list wait, by Retry-After.
	longestWait = 10 * time.Minute
	// patience is how many failures it takes to tell the user of them.
	patience = 3
)

// Liveness says how the list is kept current.
type Liveness int

const (
	// NotLive is a list that changes only with what this window does.
	NotLive Liveness = iota
	// Reconnecting is a list that was current, and may be so again.
	Reconnecting
	// Live is a list that shows at once what others do.
	Live
)

// feed follows the backend's events. bridge.Events would open a stream again by itself, but silently; here the user is to
// see it. So each connection has an Events of its own.
type feed struct {
	// send is the way Direct: no other can stream.
	send Sender
	// reload loads all tasks, because events may have been missed. changed takes an event, and reports false if all tasks
	// are to be loaded after it. live takes how it goes.
	reload  func(ctx context.Context) error
	changed func(c change) bool
	live    func(l Liveness)
	// stuck is told why it has not worked yet, after patience failures from the start on. It goes on trying.
	stuck func(err error)

	// lastID is the id of the last event, "" if it is not known since when events are missing.
	lastID string
	// wasLive is set once the list has been current; failures counts what failed since then.
	wasLive  bool
	failures int
}

// run follows the events until ctx ends, or until an error that will not heal by itself, which it returns.
func (f *feed) run(ctx context.Context) error {
	defer f.live(NotLive)
	for {
		err := f.connect(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil && !mayHeal(err) {
			return err
		}
		pauseFor := waitAfter(f.failures, err)
		f.failures++
		switch {
		case f.wasLive:
			f.live(Reconnecting)
		case f.failures == patience:
			f.stuck(err)
		}
		pause(ctx, pauseFor)
	}
}

// connect follows one connection until it breaks.
func (f *feed) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	timer := time.AfterFunc(silence, cancel)
	defer timer.Stop()
	request := Request{Path: "/tasks/events"}
	if f.lastID != "" {
		request.Header = bridge.Header{"Last-Event-ID": {f.lastID}}
	}
	response, err := f.send(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !response.OK() {
		return refused(response)
	}
	if f.lastID == "" {
		// The stream is open already, so that nothing falls between the two.
		if err := f.reload(ctx); err != nil {
			return err
		}
	}
	f.wasLive, f.failures = true, 0
	f.live(Live)
	// Without what Events needs to open it again.
	once := &bridge.Response{Status: response.Status, StatusText: response.StatusText, Header: response.Header}
	once.Body = heard{response.Body, timer}
	for event, err := range bridge.Events(ctx, once) {
		if err != nil {
			return err
		}
		c, ok := readChange(event.Data)
		// Otherwise it is a reset, or what only a newer page knows.
		if event.Type != "change" || !ok || !f.changed(c) {
			f.lastID = ""
			if err := f.reload(ctx); err != nil {
				return err
			}
		}
		f.lastID = event.ID
	}
	return nil
}

// heard is a body that puts the timer off whenever something comes.
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

// mayHeal reports whether a later try may succeed without anybody doing anything.
func mayHeal(err error) bool {
	for _, final := range []error{bridge.ErrBlocked, bridge.ErrNoBridge, bridge.ErrUnknownRemote, bridge.ErrInvalidRequest, bridge.ErrInvalidResponse} {
		if errors.Is(err, final) {
			return false
		}
	}
	var r *refusal
	return !errors.As(err, &r) || r.status >= 500 || r.status == 408 || r.status == 429
}

// waitAfter returns how long to wait after so many failures and this one. The backend may ask for more.
func waitAfter(failures int, err error) time.Duration {
	d := min(firstRetry<<min(failures, 10), lastRetry)
	d = d/2 + time.Duration(rand.Int64N(int64(d)/2+1))
	if r, ok := errors.AsType[*refusal](err); ok {
		d = max(d, min(r.retryAfter, longestWait))
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
