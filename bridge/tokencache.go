package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// maxCached is how many tokens are kept. If there are more, the token that was used longest ago is dropped.
const maxCached = 64

// TokenCache is a [TokenSource] that keeps the tokens of another source in memory and renews them before they end.
//
// A token is fresh, stale or expired. It is stale in the last fifth of its life: for at least 2 s, for at most 60 s,
// and not in the first half of its life. Token returns a fresh token at once. It returns a stale token at once, too,
// and renews it in the background. Otherwise it waits for a new token. The cache asks the source once per remote,
// however many callers wait. The end of one caller's context does not affect the others. The life of a token is
// measured by the wall clock and by the monotonic clock, and ends by the first of them. So it does not become longer if
// a clock is set back or a laptop sleeps.
//
// The source gets a context that ends after 30 s and carries the client of the first caller ([FromContext]). If the
// source does not return by then, the callers that wait get [ErrTimeout], and later calls ask the source again.
//
// If a renewal fails, the old token is used until it ends. After a failure, the cache does not ask the source for up to
// 250 ms, then 500 ms, and so on up to 30 s. If there is no token in this time, calls return the same error at once.
// These are failures:
//   - an error of the source; after [ErrUnknownRemote] the wait is 30 s at once
//   - an empty token, or one that has ended or ends within 250 ms ([ErrInvalidResponse])
//   - a source that takes more than 30 s, or that takes longer than its token lives, twice in a row ([ErrTimeout]); a
//     laptop that sleeps while a token is on its way costs one more request, and no failure
//   - a source that calls runtime.Goexit or panics; the panic is shown as package wasm shows panics
type TokenCache struct {
	source TokenSource

	mu      sync.Mutex
	entries map[string]*cached
	// forgotten counts the calls of Forget for each remote. A call that began before the last one belongs to another user.
	forgotten map[string]int
	// uses counts the uses of all entries.
	uses  uint64
	stats TokenStats
}

// TokenStats counts what a [TokenCache] has done since it was made.
type TokenStats struct {
	// Hits counts tokens returned from memory. Waits counts callers that waited for a token.
	Hits, Waits int
	// Mints counts requests to the source. Renewals counts the mints that started in the background, and Failures
	// counts the mints that failed.
	Mints, Renewals, Failures int
}

// NewTokenCache returns an empty cache of source. If source is nil, it is [HostTokens].
func NewTokenCache(source TokenSource) *TokenCache {
	if source == nil {
		source = HostTokens()
	}
	return &TokenCache{source: source, entries: make(map[string]*cached), forgotten: make(map[string]int)}
}

// cached is the state of one remote.
type cached struct {
	token Token // the zero Token if there is none
	// The token is fresh and lives for these times after since.
	since       clock.Instant
	fresh, life time.Duration
	// used is the value of uses at the last use.
	used uint64
	// mint is the pending request to the source, or nil.
	mint *mint
	// err is the last failure of the source. The source is not asked again until failed is over.
	err    error
	failed backoff
	// The remote has refused a token. If it refuses another one before refused is over, that one is kept.
	refused backoff
}

// Token returns a token that has not ended. If ctx ends first, it returns context.Cause(ctx). If [TokenCache.Forget] is
// called first, it returns [ErrForgotten].
func (c *TokenCache) Token(ctx context.Context, remoteKey string) (Token, error) {
	token, _, err := c.tokenFor(ctx, FromContext(ctx), remoteKey)
	return token, err
}

// tokenFor is Token for this client, which a source that needs a client uses. It also returns how often the remote's token was
// forgotten before.
func (c *TokenCache) tokenFor(ctx context.Context, client *Client, remoteKey string) (token Token, forgotten int, err error) {
	c.mu.Lock()
	forgotten = c.forgotten[remoteKey]
	if ctx.Err() != nil {
		defer c.mu.Unlock()
		return Token{}, forgotten, context.Cause(ctx)
	}
	now := clock.Now()
	e := c.entry(remoteKey)
	if age := now.Sub(e.since); e.token != (Token{}) && age < e.life {
		defer c.mu.Unlock()
		c.stats.Hits++
		if age >= e.fresh && e.mint == nil && e.failed.isOver(now) {
			c.stats.Renewals++
			c.start(e, client, remoteKey, now)
		}
		return e.token, forgotten, nil
	}
	if e.mint == nil && !e.failed.isOver(now) {
		defer c.mu.Unlock()
		return Token{}, forgotten, e.err
	}
	if e.mint == nil {
		c.start(e, client, remoteKey, now)
	}
	c.stats.Waits++
	m := e.mint
	c.mu.Unlock()

	select {
	case <-m.done:
		return m.token, forgotten, m.err
	case <-ctx.Done():
		return Token{}, forgotten, context.Cause(ctx)
	}
}

// Forget drops the token of a remote, for example when the user changes. What one user began does not run as another: if a
// new token is pending, it is discarded, and its callers get [ErrForgotten]. So do requests that the remote has refused
// with 401, and streams of events that need a new connection, instead of being sent again.
func (c *TokenCache) Forget(remoteKey string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten[remoteKey]++
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

// Reject drops a token that the remote has refused, unless a newer one has replaced it. It reports whether the next
// call of Token returns another token or an error. It returns false, and keeps the token, if the remote refused the
// token before it, too, a short time ago: up to 250 ms, then 500 ms, and so on up to 30 s. So a remote that refuses all
// tokens does not cause a new one for each request.
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
	if now.Sub(e.refused.since) > 2*maxBackoff {
		e.refused = backoff{} // the last refusal was long ago
	}
	e.refused.begin(now)
	e.token = Token{}
	return true
}

// Stats returns the counts.
func (c *TokenCache) Stats() TokenStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// ExpiresAt returns when the remote's token ends, by this machine's clock as it is set now. For a token whose end is not
// known, that is centuries away. It reports false if there is no token.
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

// entry returns the remote's entry. If there is none, it adds one, and removes the entry that was used longest ago if
// there are too many. The caller must hold mu.
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
