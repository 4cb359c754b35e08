package bridge

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"time"

	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/usercode"
)

const (
	// A token is stale in the last fifth of its life: for at least minStale, for at most maxStale, and not in the first
	// half of its life. Otherwise a token with a short life would be renewed at each call.
	staleShare = 5
	minStale   = 2 * time.Second
	maxStale   = 60 * time.Second
	// minLife is how long a new token must live. The cache would ask for a shorter one at each call.
	minLife = minBackoff
	// mintTimeout is the timeout of a mint. It does not depend on the callers that wait.
	mintTimeout = 30 * time.Second
)

// mint is one request to the source. All callers that wait share it.
type mint struct {
	started clock.Instant
	cancel  context.CancelCauseFunc
	done    chan struct{}
	token   Token
	err     error
}

// start starts a mint. The mint has its own context, because the first caller may leave while others wait. The caller
// of start must hold mu.
func (c *TokenCache) start(e *cached, client *Client, remoteKey string, now clock.Instant) {
	ctx, cancel := context.WithCancelCause(NewContext(context.Background(), client))
	ctx, stop := context.WithTimeoutCause(ctx, mintTimeout, &kindError{ErrTimeout, "the token source did not return within " + mintTimeout.String()})
	m := &mint{started: now, cancel: cancel, done: make(chan struct{})}
	e.mint = m
	c.stats.Mints++
	// A source that ignores its context must not block the callers.
	stopWatching := context.AfterFunc(ctx, func() { c.end(e, m, Token{}, context.Cause(ctx), false) })
	var token Token
	var isUnknown bool
	usercode.Go(func() (err error) {
		token, err = c.source.Token(ctx, remoteKey)
		if err == nil && ctx.Err() == nil && m.isLate(token) {
			c.again(m)
			token, err = c.source.Token(ctx, remoteKey)
		}
		isUnknown = errors.Is(err, ErrUnknownRemote) // here, because it calls methods of the source's error
		return err
	}, func(err error) {
		// The error's methods belong to the source, too. If one of them does not return, the callers that wait still get
		// an error, at the latest after mintTimeout.
		defer func() {
			switch {
			case ctx.Err() != nil:
				err = context.Cause(ctx)
			case usercode.Failed(err):
				err = &kindError{err, "the token source failed: " + err.Error()}
			}
			c.end(e, m, token, err, isUnknown)
			stopWatching()
			stop()
			cancel(nil)
		}()
		usercode.ShowPanic(err)
	})
}

// isLate reports whether a token lived long enough when its mint began, and no longer does. So it was on its way for
// about its whole life, for example because the laptop slept.
func (m *mint) isLate(token Token) bool {
	life, ok := token.ownLife()
	return ok && life >= minLife && life-clock.Now().Sub(m.started) < minLife
}

// again begins a mint once more, with the same callers.
func (c *TokenCache) again(m *mint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Mints++
	m.started = clock.Now()
}

// end handles the result of a mint, unless the mint has ended before.
func (c *TokenCache) end(e *cached, m *mint, token Token, err error, isUnknown bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.mint != m {
		return
	}
	now := clock.Now()
	if err == nil {
		err = e.keep(m, token, now)
	}
	if err == nil {
		e.finish(m, token, nil)
		return
	}
	c.stats.Failures++
	e.err = err
	if isUnknown {
		e.failed.beginFor(now, maxBackoff)
	} else {
		e.failed.begin(now)
	}
	e.finish(m, Token{}, err)
}

// finish passes the result to all callers that wait.
func (e *cached) finish(m *mint, token Token, err error) {
	m.token, m.err = token, err
	e.mint = nil
	close(m.done)
}

// keep stores a new token. If the token is invalid, keep returns the reason and leaves the old token.
func (e *cached) keep(m *mint, token Token, now clock.Instant) error {
	if token.Value.Reveal() == "" {
		return &kindError{ErrInvalidResponse, "the token source returned an empty token"}
	}
	// By the dates in the token, it cannot be older than the mint.
	since := m.started
	life, ok := token.ownLife()
	switch {
	case ok:
	case token.ExpiresAt.IsZero():
		life = math.MaxInt64
	default:
		since, life = now, token.ExpiresAt.Sub(now.Wall())
	}
	switch left := (life - now.Sub(since)).Round(time.Millisecond); {
	case m.isLate(token):
		return &kindError{ErrTimeout, "the token source needed " + now.Sub(since).Round(time.Millisecond).String() + " for a token that lives for " + life.String()}
	case left <= 0:
		return &kindError{ErrInvalidResponse, "the token source returned a token that ended " + (-left).String() + " ago by this machine's clock: check the source and the clock"}
	case left < minLife:
		return &kindError{ErrInvalidResponse, "the token source returned a token that ends in " + left.String() + ": it must live for at least " + minLife.String()}
	}
	stale := min(max(life/staleShare, minStale), maxStale)
	// Renew up to a tenth earlier, so that many pages that were opened together do not renew together.
	stale += time.Duration(rand.Int64N(int64(stale)/10 + 1))
	e.token, e.since, e.life, e.fresh = token, since, life, max(life-stale, life/2)
	e.err, e.failed = nil, backoff{}
	return nil
}

const (
	// The wait is minBackoff after the first failure. It doubles with each further failure in a row, up to maxBackoff.
	minBackoff = 250 * time.Millisecond
	maxBackoff = 30 * time.Second
)

// backoff is how long to wait after failures. The zero backoff is over.
type backoff struct {
	failures int
	since    clock.Instant
	wait     time.Duration
}

// begin starts the wait after one more failure.
func (p *backoff) begin(now clock.Instant) {
	wait := min(minBackoff<<min(p.failures, 10), maxBackoff)
	// Wait between half and all of that time, so that many pages that failed together do not try again together.
	p.beginFor(now, wait/2+time.Duration(rand.Int64N(int64(wait)/2+1)))
}

func (p *backoff) beginFor(now clock.Instant, wait time.Duration) {
	p.failures++
	p.since, p.wait = now, wait
}

func (p *backoff) isOver(now clock.Instant) bool {
	return p.failures == 0 || now.Sub(p.since) >= p.wait
}
