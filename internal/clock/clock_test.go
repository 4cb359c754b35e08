package clock

import (
	"testing"
	"time"
)

func TestTheLongerTimeCounts(t *testing.T) {
	start := time.Now()
	for name, tt := range map[string]struct{ passed, set, want time.Duration }{
		"nothing happened":     {time.Minute, 0, time.Minute},
		"the clock set back":   {time.Minute, -time.Hour, time.Minute},
		"the clock set ahead":  {time.Minute, time.Hour, time.Hour + time.Minute},
		"a laptop that slept":  {0, 8 * time.Hour, 8 * time.Hour},
		"set back, and asleep": {time.Second, -time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			then := Instant{start, time.Hour}
			now := Instant{start.Add(tt.passed), time.Hour + tt.set}
			if got := now.Sub(then); got != tt.want {
				t.Errorf("%v have passed, want %v", got, tt.want)
			}
			if got := now.Wall().Sub(then.Wall()); got != tt.passed+tt.set {
				t.Errorf("by the wall clock %v have passed", got)
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
		t.Errorf("moved by %v, and then to %v", moved, Now().Sub(before))
	}
}
