package tasks

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

// Tokens gives this page's tokens for the direct way. The host has them, if it is "forgego dev"; on Atlassian's sites it
// refuses, and the backend gives one in exchange for the Forge Invocation Token of an invokeRemote.
func Tokens() bridge.TokenSource {
	return fallback{bridge.HostTokens(), bridge.ExchangeTokens("/token")}
}

// fallback is a token source made of two: where the first is refused, the second is asked.
type fallback struct{ first, second bridge.TokenSource }

// Token gives a token of the first source, or of the second if the first was rejected for another reason than that there
// is no such remote, which the second does not know better.
func (s fallback) Token(ctx context.Context, remoteKey string) (bridge.Token, error) {
	token, err := s.first.Token(ctx, remoteKey)
	if errors.Is(err, bridge.ErrRejected) && !errors.Is(err, bridge.ErrUnknownRemote) {
		return s.second.Token(ctx, remoteKey)
	}
	return token, err
}
