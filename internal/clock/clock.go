// Package clock measures elapsed time with two clocks. The wall clock may be set back or forward, and the monotonic
// clock may stop while a laptop sleeps. The longer time counts: so expired things stay expired even after sleep, and
// no wait gets longer because the clock was set back.
package clock

import (
	"sync/atomic"
	"time"
)

// Instant is a moment on both clocks. The zero Instant is long ago.
type Instant struct {
	t time.Time
	// set is how far a test had moved the wall clock.
	set time.Duration
}

// Now returns the current instant.
func Now() Instant { return Instant{time.Now(), time.Duration(moved.Load())} }

// Sub returns the time from earlier to i, by the clock that shows more.
func (i Instant) Sub(earlier Instant) time.Duration {
	return max(i.Wall().Sub(earlier.Wall()), i.t.Sub(earlier.t))
}

// Wall returns the time by the wall clock.
func (i Instant) Wall() time.Time { return i.t.Round(0).Add(i.set) }

var moved atomic.Int64

// Move moves the wall clock of [Now] for a test. It has the effect of setting the clock, or of sleep if the monotonic
// clock stops during sleep.
func Move(d time.Duration) { moved.Add(int64(d)) }
