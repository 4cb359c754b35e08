// Package clock tells how long ago something was, by two clocks. The wall clock may be set, back or forward, and the
// monotonic clock may stand still while a laptop sleeps. The longer time counts: so what has ended has ended, however the
// machine slept, and no wait gets longer because somebody set the clock back.
package clock

import (
	"sync/atomic"
	"time"
)

// Instant is a moment by both clocks. The zero Instant is long ago.
type Instant struct {
	t time.Time
	// set is how far a test had moved the wall clock.
	set time.Duration
}

// Now returns the present.
func Now() Instant { return Instant{time.Now(), time.Duration(moved.Load())} }

// Sub returns how long before i the earlier instant was, by the clock that says more.
func (i Instant) Sub(earlier Instant) time.Duration {
	return max(i.Wall().Sub(earlier.Wall()), i.t.Sub(earlier.t))
}

// Wall returns the time by the wall clock.
func (i Instant) Wall() time.Time { return i.t.Round(0).Add(i.set) }

var moved atomic.Int64

// Move moves the wall clock of [Now] for a test, as setting it does, and as sleep does where the monotonic clock stands
// still.
func Move(d time.Duration) { moved.Add(int64(d)) }
