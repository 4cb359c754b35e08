package remote

import (
	"errors"
	"strings"
)

// The reasons why [Verifier.Verify] and [Exchange.Verify] refuse a token, for errors.Is. Where several claims are wrong, the
// error matches each of their sentinels. No error holds any text of the token.
var (
	// ErrMalformed means that the token is not a FIT at all: too long, not a compact JWS, without a kid, with header
	// parameters that name or bring a key, or with claims that are missing, of the wrong type or named twice. The claims are
	// read only after the signature has been verified.
	ErrMalformed = errors.New("malformed token")
	// ErrAlgorithm means that the token's alg is not RS256.
	ErrAlgorithm = errors.New("algorithm is not RS256")
	// ErrKey means that the key set has no usable key with the token's kid.
	ErrKey = errors.New("unknown key")
	// ErrSignature means that the signature does not match.
	ErrSignature = errors.New("wrong signature")
	// ErrIssuer means that iss is not "forge/invocation-token", or in an exchanged token not that of an [Exchange].
	ErrIssuer = errors.New("wrong issuer")
	// ErrAudience means that aud or app.id names another app, that they differ, or that aud names several; in an exchanged
	// token also that it is for a remote that this backend is not.
	ErrAudience = errors.New("token is for another app")
	// ErrInstallation means that the token has no installation id, or two that differ.
	ErrInstallation = errors.New("no single installation id")
	// ErrEnvironment means that the app runs in an environment that is not among [WithEnvironments].
	ErrEnvironment = errors.New("environment is not allowed")
	// ErrIsolatedCloud means that the token is of an isolated cloud, and these are off, or this one is not among the labels
	// of [WithIsolatedClouds].
	ErrIsolatedCloud = errors.New("isolated cloud is not allowed")
	// ErrExpired means that exp has passed, with the leeway.
	ErrExpired = errors.New("token has expired")
	// ErrNotYetValid means that nbf or iat is in the future, beyond the leeway. The usual cause is a clock that is slow.
	ErrNotYetValid = errors.New("token is not valid yet")
	// ErrReplayed means that [Verifier.Once] has seen the token before.
	ErrReplayed = errors.New("token has been used")
	// ErrReplaysFull means that [Verifier.Once] could not remember one more token. Nothing is forgotten early to make room,
	// so the request is refused, with 503.
	ErrReplaysFull = errors.New("too many tokens have been used")

	// ErrUnavailable means that the key set could not be fetched in 10 seconds, so that the token is neither good nor bad. It
	// says nothing against the caller: [Verifier.Handler] answers 503, not 401.
	ErrUnavailable = errors.New("key set cannot be fetched")
)

// The reasons why a client of [AppTokens] sends nothing.
var (
	// ErrNoAppToken means that the request brought no such token: endpoint.auth in manifest.yml does not ask for it, or the
	// call did not come by way of Forge's servers.
	ErrNoAppToken = errors.New("no OAuth token came with the request")
	// ErrAPIOrigin means that the address is not of the API base URL's origin, or not https.
	ErrAPIOrigin = errors.New("address is not of the product's REST API")
)

// The reasons why a request has no token to verify.
var (
	errNoToken       = errors.New("no bearer token")
	errManyTokens    = errors.New("several Authorization headers")
	errNoClaims      = errors.New("no verified claims; let the guard stand behind the verifier's Handler")
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
