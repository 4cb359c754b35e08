package bridge

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// Token is a bearer token for one remote: a Forge Invocation Token, or a token that the remote issued for one.
type Token struct {
	// Value is the text after "Bearer ".
	Value Secret
	// ExpiresAt is when the token ends, by the clock of its issuer. The zero time means unknown. Then a [TokenCache]
	// uses the dates in the token if it is a JWT, and otherwise keeps it until the remote refuses it.
	ExpiresAt time.Time
	// BaseURL is the remote's base URL. The token is sent to its origin only.
	BaseURL string
}

// Secret is a text that is not printed by accident: fmt with any verb, log/slog and encoding/json print "redacted" or
// an address. Only Reveal returns the text. The zero Secret is empty.
type Secret struct {
	// A pointer, because fmt prints the fields of a struct without calling its methods if the verb is wrong.
	text *string
}

// NewSecret returns a secret with this text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// hide returns text without the secret.
func (s Secret) hide(text string) string {
	if s.Reveal() == "" {
		return text
	}
	return strings.ReplaceAll(text, s.Reveal(), hidden)
}

// Format prints "redacted", for all verbs and flags.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("redacted")) }

// MarshalText returns "redacted", for encoding/json and log/slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte("redacted"), nil }

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
