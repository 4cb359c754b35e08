package bridge

import (
	"math/rand/v2"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

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
