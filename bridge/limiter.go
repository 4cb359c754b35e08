package bridge

import (
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// limiter lets through at most a number of calls in any window of time.
//
// The official client has the same limit for invokeRemote, but builds it anew for each call, so that it never holds.
type limiter struct {
	calls  int
	window time.Duration
	mu     sync.Mutex
	// recent is a ring of the last calls' times, made with the first; next is the place of the oldest.
	recent []clock.Instant
	next   int
}

func newLimiter(calls int, window time.Duration) *limiter {
	return &limiter{calls: calls, window: window}
}

// take counts a call, or gives a [*RateLimitError] and counts nothing.
func (l *limiter) take() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.recent == nil {
		l.recent = make([]clock.Instant, l.calls)
	}
	now := clock.Now()
	if oldest := l.recent[l.next]; oldest != (clock.Instant{}) {
		if wait := l.window - now.Sub(oldest); wait > 0 {
			return &RateLimitError{Limit: len(l.recent), Window: l.window, RetryAfter: wait}
		}
	}
	l.recent[l.next] = now
	l.next = (l.next + 1) % len(l.recent)
	return nil
}

// Limit counts a call of an operation that the official client bounds: at most 500 in 25 seconds are let through by one
// client, and further ones give a [*RateLimitError]. Those that key tells are counted together; it is as for
// [Client.Keep].
func (c *Client) Limit(op string, key any) error {
	limit := c.Keep(key, func() any { return newLimiter(500, 25*time.Second) }).(*limiter)
	if err := limit.take(); err != nil {
		return &Error{Op: op, Err: err}
	}
	return nil
}
