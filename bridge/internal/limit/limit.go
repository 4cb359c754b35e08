// Package limit limits how many calls are made in a window of time.
package limit

import (
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// Limiter allows [Calls] calls in any [Window]. The zero Limiter is ready. It is safe for concurrent use.
//
// The official client has the same limit for invokeRemote, but it makes a new limiter for each call. So its limit has
// no effect.
type Limiter struct {
	mu sync.Mutex
	// recent is a ring of the times of the last calls. It is allocated by the first call. next is the index of the
	// oldest time.
	recent []clock.Instant
	next   int
}

// Calls and Window are the limit of the official client.
const (
	Calls  = 500
	Window = 25 * time.Second
)

// Take counts a call and returns 0. If there were too many calls, it returns how long to wait for the next one, and
// does not count this one.
func (l *Limiter) Take() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.recent == nil {
		l.recent = make([]clock.Instant, Calls)
	}
	now := clock.Now()
	if oldest := l.recent[l.next]; oldest != (clock.Instant{}) {
		if wait := Window - now.Sub(oldest); wait > 0 {
			return wait
		}
	}
	l.recent[l.next] = now
	l.next = (l.next + 1) % len(l.recent)
	return 0
}
