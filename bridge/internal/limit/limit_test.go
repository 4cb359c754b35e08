//go:build !tinygo

package limit

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

// full returns a limiter that allows no further call.
func full(t *testing.T) *Limiter {
	t.Helper()
	l := &Limiter{}
	for n := range Calls {
		if wait := l.Take(); wait != 0 {
			t.Fatalf("call %d must wait %v", n+1, wait)
		}
	}
	return l
}

func TestTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := full(t)
		if wait := l.Take(); wait != Window {
			t.Errorf("one call too many: wait %v, want %v", wait, Window)
		}
		time.Sleep(Window - time.Nanosecond)
		if wait := l.Take(); wait != 1 {
			t.Errorf("just before the window ends: wait %v, want 1ns", wait)
		}
		time.Sleep(time.Nanosecond)
		if wait := l.Take(); wait != 0 {
			t.Errorf("after the window: wait %v", wait)
		}
	})
}

// If the clock is set back, nobody must wait for an hour. After a laptop has slept, nobody must wait at all.
func TestTakeAfterTheClockMoved(t *testing.T) {
	for name, tt := range map[string]struct{ by, most time.Duration }{
		"set back": {-time.Hour, Window},
		"slept":    {time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := full(t)
				clock.Move(tt.by)
				t.Cleanup(func() { clock.Move(-tt.by) })
				if wait := l.Take(); wait > tt.most {
					t.Errorf("wait %v, want at most %v", wait, tt.most)
				}
				time.Sleep(tt.most)
				if wait := l.Take(); wait != 0 {
					t.Errorf("after %v: wait %v", tt.most, wait)
				}
			})
		})
	}
}
