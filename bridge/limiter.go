package bridge

import (
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// limiter allows a number of calls in any window of time.
//
// The official client has the same limit for invokeRemote, but it makes a new limiter for each call. So its limit has
// no effect.
type limiter struct {
	calls  int
	window time.Duration
	mu     sync.Mutex
	// recent is a ring of the times of the last calls. It is allocated by the first call. next is the index of the
	// oldest time.
	recent []clock.Instant
	next   int
}

func newLimiter(calls int, window time.Duration) *limiter {
	return &limiter{calls: calls, window: window}
}

// take counts a call. If there were too many calls, it returns a [*RateLimitError] and does not count this one.
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

// Limit counts a call of an operation that has a limit in the official client: 500 calls in 25 seconds. If there were
// more, it returns a [*RateLimitError]. Calls with the same key share a limit. For keys, see [Client.Keep].
func (c *Client) Limit(op string, key any) error {
	limit := c.Keep(key, func() any { return newLimiter(500, 25*time.Second) }).(*limiter)
	if err := limit.take(); err != nil {
		return &Error{Op: op, Err: err}
	}
	return nil
}
