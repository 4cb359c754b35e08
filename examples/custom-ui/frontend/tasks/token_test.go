package tasks

import (
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
)

func TestTokenFacts(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	stats := bridge.TokenStats{Hits: 12, Waits: 99, Mints: 4, Renewals: 3, Failures: 1}
	cases := []struct {
		name      string
		expiresAt time.Time
		has       bool
		left      string
	}{
		{"none", time.Time{}, false, "no token"},
		{"fresh", now.Add(25 * time.Second), true, "25"},
		{"a part of a second", now.Add(time.Millisecond), true, "1"},
		{"at its end", now, true, "0"},
		{"after a sleep", now.Add(-time.Hour), true, "0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := english.tokenFacts(stats, c.expiresAt, c.has, now)
			want := TokenFacts{Seconds: c.left, Mints: "4", Hits: "12", Renewals: "3", Failures: "1"}
			if got != want {
				t.Errorf("gave %+v", got)
			}
		})
	}
}
