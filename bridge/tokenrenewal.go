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
	// A token is stale in the last fifth of its life, but for no less than minStale and no more than maxStale; and not in
	// the first half, so that tokens with a short life are not renewed at each call.
	staleShare = 5
	minStale   = 2 * time.Second
	maxStale   = 60 * time.Second
	// minLife is how long a new token must live. Shorter ones would be asked for at each call.
	minLife = minPause
	// mintTimeout bounds a mint, whoever waits for it.
	mintTimeout = 30 * time.Second
	// maxCached bounds how many remotes' tokens are kept; the one that was used longest ago goes first.
	maxCached = 64
)

// mint is one request to the source, for all who wait for it.
type mint struct {
	started clock.Instant
	cancel  context.CancelCauseFunc
	done    chan struct{}
	token   Token
	err     error
}

// start begins a mint. It has a context of its own: whoever asked may leave, and others may come. The caller holds mu.
func (c *TokenCache) start(e *cached, client *Client, remoteKey string, now clock.Instant) {
	ctx, cancel := context.WithCancelCause(NewContext(context.Background(), client))
	ctx, stop := context.WithTimeoutCause(ctx, mintTimeout, &kindError{ErrTimeout, "the token source did not return within " + mintTimeout.String()})
	m := &mint{started: now, cancel: cancel, done: make(chan struct{})}
	e.mint = m
	c.stats.Mints++
	// A source that does not heed its context holds up nobody.
	stopWatching := context.AfterFunc(ctx, func() { c.end(e, m, Token{}, context.Cause(ctx), false) })
	var token Token
	var isUnknown bool
	usercode.Go(func() (err error) {
		token, err = c.source.Token(ctx, remoteKey)
		isUnknown = errors.Is(err, ErrUnknownRemote) // asks methods of the source's error
		return err
	}, func(err error) {
		// The error's methods are the source's too. If one of them does not return, whoever waits is told all the same, at the
		// latest when the time is over.
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

// end takes what came of a mint, unless somebody has ended it before.
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
		e.failed.beginFor(now, maxPause)
	} else {
		e.failed.begin(now)
	}
	e.finish(m, Token{}, err)
}

// finish tells everybody who waits.
func (e *cached) finish(m *mint, token Token, err error) {
	m.token, m.err = token, err
	e.mint = nil
	close(m.done)
}

// keep takes a new token, or says what is wrong with it and leaves the old one.
func (e *cached) keep(m *mint, token Token, now clock.Instant) error {
	if token.Value.Reveal() == "" {
		return &kindError{ErrInvalidResponse, "the token source returned an empty token"}
	}
	// By its own dates a token cannot be older than the mint.
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
	case left <= 0:
		return &kindError{ErrInvalidResponse, "the token source returned a token that ended " + (-left).String() + " ago by this machine's clock: look at the source, and at the clock"}
	case left < minLife:
		return &kindError{ErrInvalidResponse, "the token source returned a token that ends in " + left.String() + ": it must live for " + minLife.String() + " at least"}
	}
	stale := min(max(life/staleShare, minStale), maxStale)
	// Up to a tenth earlier, so that many pages that were opened together do not renew together.
	stale += time.Duration(rand.Int64N(int64(stale)/10 + 1))
	e.token, e.since, e.life, e.fresh = token, since, life, max(life-stale, life/2)
	e.err, e.failed = nil, pause{}
	return nil
}

const (
	// A pause lasts minPause after the first failure, doubled with each one in a row, to maxPause.
	minPause = 250 * time.Millisecond
	maxPause = 30 * time.Second
)

// pause is how long to leave something alone that has failed. The zero pause is over.
type pause struct {
	failures int
	since    clock.Instant
	wait     time.Duration
}

// begin begins the pause after one more failure.
func (p *pause) begin(now clock.Instant) {
	wait := min(minPause<<min(p.failures, 10), maxPause)
	// Half of it by chance, so that many pages that failed together do not try again together.
	p.beginFor(now, wait/2+time.Duration(rand.Int64N(int64(wait)/2+1)))
}

func (p *pause) beginFor(now clock.Instant, wait time.Duration) {
	p.failures++
	p.since, p.wait = now, wait
}

func (p *pause) isOver(now clock.Instant) bool {
	return p.failures == 0 || now.Sub(p.since) >= p.wait
}
