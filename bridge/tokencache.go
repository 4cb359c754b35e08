package bridge

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// A token is stale in the last fifth of its life, but for no less than minStale and no more than maxStale.
	staleShare = 5
	minStale   = 2 * time.Second
	maxStale   = 60 * time.Second
	// mintTimeout bounds a mint, whoever waits for it.
	mintTimeout = 30 * time.Second
	// After a failure the source is left alone, from minBackoff, doubled each time, to maxBackoff. A remote that the
	// source does not know is left alone for maxBackoff at once.
	minBackoff = 250 * time.Millisecond
	maxBackoff = 30 * time.Second
	// maxCached bounds how many remotes' tokens are kept; the one that was used longest ago goes first.
	maxCached = 64
)

// TokenCache is a [TokenSource] that keeps the tokens of another in memory and renews them before they end.
//
// A fresh token is given at once. A stale one, in the last fifth of its life (at least 2 s, at most 60 s before its end),
// is given at once too, and is renewed in the background. Without a token that lives, the caller waits for a new one, of
// which one at a time is made for each remote, however many wait; each of them can leave by its own context, and the
// mint goes on for the others. If a renewal fails, the old token is used while it lives. After a failure the source is
// asked again after 250 ms, then 500 ms, up to 30 s; without a token, calls meanwhile get the same error at once.
type TokenCache struct {
	source TokenSource

	mu      sync.Mutex
	entries map[string]*cached
	stats   TokenStats
}

// TokenStats counts what a [TokenCache] has done since it was made.
type TokenStats struct {
	// Hits are tokens given from memory, Waits those a caller had to wait for.
	Hits, Waits int
	// Mints are tokens that the source was asked for, Renewals those of them that nobody waited for when they began, and
	// Failures those of them that failed.
	Mints, Renewals, Failures int
}

// NewTokenCache gives an empty cache of source.
func NewTokenCache(source TokenSource) *TokenCache {
	return &TokenCache{source: source, entries: make(map[string]*cached)}
}

// cached is what is known of one remote.
type cached struct {
	token Token // the zero Token if there is none
	// expiresAt and staleAt are by this machine's wall clock: a monotonic clock may stand still while a laptop sleeps.
	staleAt, expiresAt time.Time
	usedAt             time.Time
	// mint is under way, or nil.
	mint *mint
	// err is the last failure, failures how many there were in a row, and retryAt when the source may be asked again.
	err      error
	failures int
	retryAt  time.Time
}

// mint is one request to the source, for all who wait for it.
type mint struct {
	done  chan struct{}
	token Token
	err   error
}

// Token gives a token that lives.
func (c *TokenCache) Token(ctx context.Context, remoteKey string) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, context.Cause(ctx)
	}
	c.mu.Lock()
	now := wallClock()
	e := c.entry(remoteKey, now)
	if e.token != (Token{}) && now.Before(e.expiresAt) {
		defer c.mu.Unlock()
		c.stats.Hits++
		if !now.Before(e.staleAt) && e.mint == nil && !now.Before(e.retryAt) {
			c.stats.Renewals++
			c.start(e, remoteKey)
		}
		return e.token, nil
	}
	if e.mint == nil && now.Before(e.retryAt) {
		defer c.mu.Unlock()
		return Token{}, e.err
	}
	if e.mint == nil {
		c.start(e, remoteKey)
	}
	c.stats.Waits++
	m := e.mint
	c.mu.Unlock()

	select {
	case <-m.done:
		return m.token, m.err
	case <-ctx.Done():
		return Token{}, context.Cause(ctx)
	}
}

// Forget drops the token of a remote, for example when the user changes. A mint that is under way is not used.
func (c *TokenCache) Forget(remoteKey string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, remoteKey)
}

// Reject drops a token that the remote has refused, unless a newer one has taken its place.
func (c *TokenCache) Reject(remoteKey string, refused Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[remoteKey]; e != nil && e.token.Value.Reveal() == refused.Value.Reveal() {
		e.token = Token{}
	}
}

// Stats gives the counts up to now.
func (c *TokenCache) Stats() TokenStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// ExpiresAt gives when the remote's token ends by this machine's clock, and false if there is none.
func (c *TokenCache) ExpiresAt(remoteKey string) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[remoteKey]
	if e == nil || e.token == (Token{}) {
		return time.Time{}, false
	}
	return e.expiresAt, true
}

// entry gives the remote's entry, and makes room for a new one. The caller holds mu.
func (c *TokenCache) entry(remoteKey string, now time.Time) *cached {
	e := c.entries[remoteKey]
	if e == nil {
		if len(c.entries) >= maxCached {
			oldest := ""
			for key, other := range c.entries {
				if oldest == "" || other.usedAt.Before(c.entries[oldest].usedAt) {
					oldest = key
				}
			}
			delete(c.entries, oldest)
		}
		e = &cached{}
		c.entries[remoteKey] = e
	}
	e.usedAt = now
	return e
}

// start begins a mint. It has a context of its own: whoever asked may leave, and others may come. The caller holds mu.
func (c *TokenCache) start(e *cached, remoteKey string) {
	m := &mint{done: make(chan struct{})}
	e.mint = m
	c.stats.Mints++
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), mintTimeout)
		defer cancel()
		token, err := c.source.Token(ctx, remoteKey)
		if err == nil && token.Value.Reveal() == "" {
			err = &kindError{ErrInvalidResponse, "the token source gave an empty token"}
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		now := wallClock()
		m.token, m.err = token, err
		e.mint = nil
		if err == nil {
			e.keep(token, now)
		} else {
			m.token = Token{}
			c.stats.Failures++
			e.fail(err, now)
		}
		close(m.done)
	}()
}

// keep takes a new token.
func (e *cached) keep(token Token, now time.Time) {
	life := token.lifetime(now)
	stale := min(max(life/staleShare, minStale), maxStale)
	// Up to a tenth earlier, so that many pages that were opened together do not renew together.
	stale += time.Duration(rand.Int64N(int64(stale)/10 + 1))
	e.token, e.err, e.failures, e.retryAt = token, nil, 0, time.Time{}
	e.expiresAt = now.Add(life)
	e.staleAt = e.expiresAt.Add(-stale)
}

// fail notes a failure, and leaves the token as it is.
func (e *cached) fail(err error, now time.Time) {
	wait := maxBackoff
	if !errors.Is(err, ErrUnknownRemote) {
		wait = min(minBackoff<<min(e.failures, 10), maxBackoff)
		// Half of it by chance.
		wait = wait/2 + time.Duration(rand.Int64N(int64(wait)/2+1))
	}
	e.err = err
	e.failures++
	e.retryAt = now.Add(wait)
}

// wallClock is the time without its monotonic part.
func wallClock() time.Time { return time.Now().Round(0) }
