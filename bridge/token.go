package bridge

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// Token is a bearer token for one remote: a Forge Invocation Token, or one that the remote gave for it.
type Token struct {
	// Value is what stands after "Bearer ".
	Value Secret
	// ExpiresAt is when it ends, by the clock of whoever made it. The zero time does not say: unless the token is a JWT
	// that says it itself, a [TokenCache] keeps it until the remote refuses it.
	ExpiresAt time.Time
	// BaseURL is the remote's base URL. The token goes to its origin only.
	BaseURL string
}

// Secret is a text that is not printed by accident: fmt with any verb, log/slog and encoding/json show "redacted" or an
// address. Only Reveal gives the text. The zero Secret is empty.
type Secret struct {
	// Behind a pointer, because fmt prints the fields of a value that was given with a wrong verb without asking it.
	text *string
}

// NewSecret gives a secret with this text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal gives the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Format prints "redacted", for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("redacted")) }

// MarshalText gives "redacted", for encoding/json and log/slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte("redacted"), nil }

// TokenSource returns the tokens for an app's remotes. It is safe for use by several goroutines at once.
type TokenSource interface {
	// Token returns a token for the remote with this key in manifest.yml. When ctx ends first, it returns
	// context.Cause(ctx). For a key that no remote has it returns [ErrUnknownRemote]. [TokenCache] says what happens if it
	// takes too long or panics.
	Token(ctx context.Context, remoteKey string) (Token, error)
}

// TokenFunc is a [TokenSource] that is a function.
type TokenFunc func(ctx context.Context, remoteKey string) (Token, error)

// Token calls f.
func (f TokenFunc) Token(ctx context.Context, remoteKey string) (Token, error) {
	return f(ctx, remoteKey)
}

// StaticToken gives the same token for every remote, for ever: for tests, and for a remote that needs no fresh one.
func StaticToken(token Token) TokenSource {
	return TokenFunc(func(context.Context, string) (Token, error) { return token, nil })
}

// ownLife returns how long the token lives from when it was made, as a JWT says itself by exp and iat. Both are by the
// clock of who made it, so that a wrong clock on this machine does no harm. It reports false for any other token.
func (t Token) ownLife() (life time.Duration, ok bool) {
	iat, exp, ok := jwtTimes(t.Value.Reveal())
	return time.Duration(exp-iat) * time.Second, ok && exp > iat
}

// jwtTimes reads iat and exp of a JWT, in seconds. The signature is the remote's business.
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
