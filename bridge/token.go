package bridge

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"github.com/forgego/forgego/secret"
)

// Token is a bearer token for one remote: a Forge Invocation Token, or a token that the remote issued for one.
type Token struct {
	// Value is the text after "Bearer ".
	Value secret.Text
	// ExpiresAt is when the token ends, by the clock of its issuer. The zero time means unknown. Then a [TokenCache]
	// uses the dates in the token if it is a JWT, and otherwise keeps it until the remote refuses it.
	ExpiresAt time.Time
	// BaseURL is the remote's base URL. The token is sent to its origin only.
	BaseURL string
}

// TokenSource returns the tokens for an app's remotes. It is safe for use by several goroutines at once.
type TokenSource interface {
	// Token returns a token for the remote with this key in manifest.yml. If ctx ends first, it returns
	// context.Cause(ctx). If no remote has this key, it returns [ErrUnknownRemote]. For a source that is slow or
	// panics, see [TokenCache].
	Token(ctx context.Context, remoteKey string) (Token, error)
}

// TokenFunc is a function that is a [TokenSource].
type TokenFunc func(ctx context.Context, remoteKey string) (Token, error)

// Token calls f.
func (f TokenFunc) Token(ctx context.Context, remoteKey string) (Token, error) {
	return f(ctx, remoteKey)
}

// StaticToken returns a source that always returns this token, for every remote. It is for tests, and for remotes whose
// token need not be renewed.
func StaticToken(token Token) TokenSource {
	return TokenFunc(func(context.Context, string) (Token, error) { return token, nil })
}

// ownLife returns how long the token lives from its issue, by exp and iat if it is a JWT. Both are by the clock of the
// issuer, so a wrong clock on this machine does no harm. For other tokens it reports false.
func (t Token) ownLife() (life time.Duration, ok bool) {
	iat, exp, ok := jwtTimes(t.Value.Reveal())
	return time.Duration(exp-iat) * time.Second, ok && exp > iat
}

// jwtTimes returns iat and exp of a JWT, in seconds. It does not check the signature: the remote does.
func jwtTimes(value string) (iat, exp int64, ok bool) {
	_, rest, _ := strings.Cut(value, ".")
	payload, _, ok := strings.Cut(rest, ".")
	if !ok {
		return 0, 0, false
	}
	claims, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return 0, 0, false
	}
	var hasIAT, hasEXP bool
	s := scanner{data: claims}
	for name := range s.members() {
		switch name {
		case "iat":
			iat, hasIAT = s.int64()
		case "exp":
			exp, hasEXP = s.int64()
		}
	}
	const century = 100 * 365 * 24 * 60 * 60
	return iat, exp, hasIAT && hasEXP && exp-iat < century
}
