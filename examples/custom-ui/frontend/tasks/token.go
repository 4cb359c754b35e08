package tasks

import (
	"context"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

// TokenFacts describes the token for direct requests: its remaining life, and the work of its cache.
type TokenFacts struct {
	// Seconds is the text for the remaining seconds, or that there is no token.
	Seconds                         string
	Mints, Hits, Renewals, Failures string
}

// WatchToken updates the facts about the token once a second until ctx ends. It does nothing while isSeen returns false.
func (p *Page) WatchToken(ctx context.Context, isSeen func() bool) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for ctx.Err() == nil {
		if isSeen() {
			expiresAt, has := p.tokens.ExpiresAt(RemoteKey)
			facts := p.words.tokenFacts(p.tokens.Stats(), expiresAt, has, time.Now())
			p.update(func(s *State) { s.Token = facts })
		}
		select {
		case <-second.C:
		case <-ctx.Done():
		}
	}
}

// tokenFacts returns the texts of the facts. has is false if there is no token.
func (w *Words) tokenFacts(stats bridge.TokenStats, expiresAt time.Time, has bool, now time.Time) TokenFacts {
	left := w.Text("token.none")
	if has {
		left = strconv.FormatInt(max(0, int64((expiresAt.Sub(now)+time.Second-1)/time.Second)), 10)
	}
	return TokenFacts{
		Seconds:  left,
		Mints:    strconv.Itoa(stats.Mints),
		Hits:     strconv.Itoa(stats.Hits),
		Renewals: strconv.Itoa(stats.Renewals),
		Failures: strconv.Itoa(stats.Failures),
	}
}
