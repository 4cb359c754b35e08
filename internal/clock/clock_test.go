package clock

import (
	"testing"
	"time"
)

func TestSubReturnsLongerTime(t *testing.T) {
	start := time.Now()
	for name, tt := range map[string]struct{ passed, set, want time.Duration }{
		"no change":           {time.Minute, 0, time.Minute},
		"clock set back":      {time.Minute, -time.Hour, time.Minute},
		"clock set ahead":     {time.Minute, time.Hour, time.Hour + time.Minute},
		"sleep":               {0, 8 * time.Hour, 8 * time.Hour},
		"set back by as much": {time.Second, -time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			then := Instant{start, time.Hour}
			now := Instant{start.Add(tt.passed), time.Hour + tt.set}
			if got := now.Sub(then); got != tt.want {
				t.Errorf("Sub = %v, want %v", got, tt.want)
			}
			if got := now.Wall().Sub(then.Wall()); got != tt.passed+tt.set {
				t.Errorf("by the wall clock, %v have passed, want %v", got, tt.passed+tt.set)
			}
		})
	}
	if ago := Now().Sub(Instant{}); ago < 1<<62 {
		t.Errorf("the zero Instant was %v ago", ago)
	}
}

func TestMove(t *testing.T) {
	before := Now()
	Move(time.Hour)
	moved := Now().Sub(before)
	Move(-time.Hour)
	if moved < time.Hour || Now().Sub(before) >= time.Hour {
		t.Errorf("after Move(1h) %v have passed, and after Move(-1h) %v", moved, Now().Sub(before))
	}
}
