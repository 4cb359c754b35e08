package tasks

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge"
)

// RemoteKey is the backend's key under remotes in manifest.yml.
const RemoteKey = "tasks-api"

// Way is one of the three ways to the backend.
type Way int

const (
	// RequestRemote lets the product page send the request: fast, and without OAuth tokens.
	RequestRemote Way = iota
	// InvokeRemote sends the request through Forge's servers, which add OAuth tokens.
	InvokeRemote
	// Direct sends the request from this page, with a token that the page keeps. It supports any bytes, streams, and
	// cancelling.
	Direct
)

// String returns the name of the way in Atlassian's documentation.
func (w Way) String() string { return [...]string{"requestRemote", "invokeRemote", "direct"}[w] }

// Tokens returns this page's source of tokens for direct requests. The host "forgego dev" returns tokens itself. Atlassian's
// sites refuse this; there, the backend issues a token in exchange for the Forge Invocation Token of an invokeRemote call.
func Tokens() bridge.TokenSource {
	return fallback{bridge.HostTokens(), bridge.ExchangeTokens("/token")}
}

// fallback is a token source that uses a second source if the first one refuses.
type fallback struct{ first, second bridge.TokenSource }

// Token returns a token of the first source, or of the second if the first was rejected for another reason than that there
// is no such remote, which the second does not know better.
func (s fallback) Token(ctx context.Context, remoteKey string) (bridge.Token, error) {
	token, err := s.first.Token(ctx, remoteKey)
	if errors.Is(err, bridge.ErrRejected) && !errors.Is(err, bridge.ErrUnknownRemote) {
		return s.second.Token(ctx, remoteKey)
	}
	return token, err
}

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
