package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// TokenCache is a [TokenSource] that keeps the tokens of another in memory and renews them before they end.
//
// A fresh token is returned at once. A stale one, in the last fifth of its life (at least 2 s, at most 60 s before its
// end, and not in the first half of its life), is returned at once too, and is renewed in the background. Without a token
// that lives, the caller waits for a new one. One at a time is made for each remote, however many wait; each of them can
// leave by its own context, and the others wait on. A life is measured by the wall clock and by the monotonic clock, and
// ends when the first of them says so: a clock that is set back and a laptop that sleeps do not make it longer.
//
// The source gets a context that ends after 30 s, with the client of the first caller in it ([FromContext]). If the source
// has not returned by then, whoever waits gets [ErrTimeout], and later calls ask the source again.
//
// If a renewal fails, the old token is used while it lives. After a failure the source is left alone for up to 250 ms,
// then 500 ms, and so on up to 30 s; without a token, calls meanwhile return the same error at once. These are failures:
//
//   - an error of the source; after [ErrUnknownRemote] it is left alone for 30 s at once
//   - an empty token, and one that has ended already or ends within 250 ms ([ErrInvalidResponse])
//   - a source that takes more than 30 s ([ErrTimeout])
//   - a source that panics, which is shown as package wasm shows a panic, or that calls runtime.Goexit
type TokenCache struct {
	source TokenSource

	mu      sync.Mutex
	entries map[string]*cached
	// uses counts the uses of entries.
	uses  uint64
	stats TokenStats
}

// TokenStats counts what a [TokenCache] has done since it was made.
type TokenStats struct {
	// Hits are tokens returned from memory, Waits those a caller had to wait for.
	Hits, Waits int
	// Mints are tokens that the source was asked for, Renewals those of them that nobody waited for when they began, and
	// Failures those of them that failed.
	Mints, Renewals, Failures int
}

// NewTokenCache returns an empty cache of source.
func NewTokenCache(source TokenSource) *TokenCache {
	return &TokenCache{source: source, entries: make(map[string]*cached)}
}

// cached is what is known of one remote.
type cached struct {
	token Token // the zero Token if there is none
	// The token is fresh and lives for these times since then.
	since       clock.Instant
	fresh, life time.Duration
	// used is the number of the last use.
	used uint64
	// mint is under way, or nil.
	mint *mint
	// err is the last failure of the source, which is left alone for a pause.
	err    error
	failed pause
	// After the remote has refused a token, others that it refuses are kept for a pause.
	refused pause
}

// Token returns a token that lives. When ctx ends first, it returns context.Cause(ctx); when [TokenCache.Forget] is called
// first, [ErrForgotten].
func (c *TokenCache) Token(ctx context.Context, remoteKey string) (Token, error) {
	return c.tokenFor(ctx, FromContext(ctx), remoteKey)
}

// tokenFor is Token for a client, which the source is to use if it uses one.
func (c *TokenCache) tokenFor(ctx context.Context, client *Client, remoteKey string) (Token, error) {
	if ctx.Err() != nil {
		return Token{}, context.Cause(ctx)
	}
	c.mu.Lock()
	now := clock.Now()
	e := c.entry(remoteKey)
	if age := now.Sub(e.since); e.token != (Token{}) && age < e.life {
		defer c.mu.Unlock()
		c.stats.Hits++
		if age >= e.fresh && e.mint == nil && e.failed.isOver(now) {
			c.stats.Renewals++
			c.start(e, client, remoteKey, now)
		}
		return e.token, nil
	}
	if e.mint == nil && !e.failed.isOver(now) {
		defer c.mu.Unlock()
		return Token{}, e.err
	}
	if e.mint == nil {
		c.start(e, client, remoteKey, now)
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

// Forget drops the token of a remote, for example when the user changes. A token that is on its way is not used: who waits
// for it gets [ErrForgotten], so that what one user began is not done as another.
func (c *TokenCache) Forget(remoteKey string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[remoteKey]
	if e == nil {
		return
	}
	delete(c.entries, remoteKey)
	if m := e.mint; m != nil {
		m.cancel(ErrForgotten)
		e.finish(m, Token{}, ErrForgotten)
	}
}

// Reject drops a token that the remote has refused, unless a newer one has taken its place, and reports whether the next
// call of Token returns another one, or an error. It does not if the remote refused the token before it, too, a short
// while ago: up to 250 ms, then 500 ms, and so on up to 30 s. For so long the refused token is kept and used, so that a
// remote that refuses them all does not have one made for each request.
func (c *TokenCache) Reject(remoteKey string, refused Token) (another bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[remoteKey]
	if e == nil || e.token.Value.Reveal() != refused.Value.Reveal() {
		return true
	}
	now := clock.Now()
	if !e.refused.isOver(now) {
		return false
	}
	if now.Sub(e.refused.since) > 2*maxPause {
		e.refused = pause{} // that was another time
	}
	e.refused.begin(now)
	e.token = Token{}
	return true
}

// Stats returns the counts up to now.
func (c *TokenCache) Stats() TokenStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// ExpiresAt returns when the remote's token ends by this machine's clock as it is now, and false if there is none.
func (c *TokenCache) ExpiresAt(remoteKey string) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[remoteKey]
	if e == nil || e.token == (Token{}) {
		return time.Time{}, false
	}
	now := clock.Now()
	return now.Wall().Add(e.life - now.Sub(e.since)), true
}

// entry returns the remote's entry, and makes room for a new one. The caller holds mu.
func (c *TokenCache) entry(remoteKey string) *cached {
	e := c.entries[remoteKey]
	if e == nil {
		if len(c.entries) >= maxCached {
			oldest := ""
			for key, other := range c.entries {
				if oldest == "" || other.used < c.entries[oldest].used {
					oldest = key
				}
			}
			delete(c.entries, oldest)
		}
		e = &cached{}
		c.entries[remoteKey] = e
	}
	c.uses++
	e.used = c.uses
	return e
}
