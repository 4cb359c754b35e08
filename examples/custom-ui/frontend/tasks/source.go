package tasks

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

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
