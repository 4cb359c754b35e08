package main

import (
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

// tokenFact is one line of the panel Token: the id of its element and what stands there.
type tokenFact struct{ id, text string }

// tokenFacts tells of the token for the backend: when it ends and what the cache has done. has is false if there is none.
func tokenFacts(stats bridge.TokenStats, expiresAt time.Time, has bool, now time.Time) []tokenFact {
	left := "no token"
	if has {
		left = strconv.FormatInt(max(0, int64((expiresAt.Sub(now)+time.Second-1)/time.Second)), 10)
	}
	return []tokenFact{
		{"token-seconds", left},
		{"token-mints", strconv.Itoa(stats.Mints)},
		{"token-hits", strconv.Itoa(stats.Hits)},
		{"token-renewals", strconv.Itoa(stats.Renewals)},
		{"token-failures", strconv.Itoa(stats.Failures)},
	}
}
