package remote

import (
	"errors"
	"strings"
)

// The reasons why [Verifier.Verify] and [Exchange.Verify] refuse a token, for errors.Is. Where several claims are wrong, the error matches
// each of their sentinels. No error holds any text of the token.
var (
	// ErrMalformed means that the token is not a FIT at all: too long, not a compact JWS, without a kid, with header
	// parameters that name or bring a key, or with claims that are missing or of the wrong type.
	ErrMalformed = errors.New("malformed token")
	// ErrAlgorithm means that the token's alg is not RS256.
	ErrAlgorithm = errors.New("algorithm is not RS256")
	// ErrKey means that the key set has no usable key with the token's kid.
	ErrKey = errors.New("unknown key")
	// ErrSignature means that the signature does not match.
	ErrSignature = errors.New("wrong signature")
	// ErrIssuer means that iss is not "forge/invocation-token", or in an exchanged token not that of an [Exchange].
	ErrIssuer = errors.New("wrong issuer")
	// ErrAudience means that aud or app.id names another app, or that aud names several; in an exchanged token also that
	// it is for a remote that this backend is not.
	ErrAudience = errors.New("token is for another app")
	// ErrInstallation means that the token has no installation id, or two that differ.
	ErrInstallation = errors.New("no single installation id")
	// ErrExpired means that exp has passed, with the leeway.
	ErrExpired = errors.New("token has expired")
	// ErrNotYetValid means that nbf or iat is in the future, beyond the leeway. The usual cause is a clock that is slow.
	ErrNotYetValid = errors.New("token is not valid yet")

	// ErrUnavailable means that the key set could not be fetched, so that the token is neither good nor bad. It says
	// nothing against the caller: [Verifier.Handler] answers 503, not 401.
	ErrUnavailable = errors.New("key set cannot be fetched")
)

// The reasons why a request has no token to verify.
var (
	errNoToken       = errors.New("no bearer token")
	errManyTokens    = errors.New("several Authorization headers")
	errForeignOrigin = errors.New("origin is not allowed")
)

// problems are errors that hold at the same time. Unlike errors.Join it stays on one line, as a log wants it.
type problems []error

func (p problems) Error() string {
	texts := make([]string, len(p))
	for i, err := range p {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (p problems) Unwrap() []error { return p }
