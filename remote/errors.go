package remote

import (
	"errors"
	"strings"
)

// These errors are the reasons why [Verifier.Verify] and [Exchange.Verify] refuse a token. If several claims are wrong, the
// error matches the sentinel of each. No error contains any text of the token.
var (
	// ErrMalformed means that the token is not a FIT: it is too long, is not a compact JWS, has no kid, has header parameters
	// that name or contain a key, or has claims that are missing, repeated or of the wrong type. Claims are parsed only after
	// the signature is verified.
	ErrMalformed = errors.New("malformed token")
	// ErrAlgorithm means that the token's alg is not RS256.
	ErrAlgorithm = errors.New("algorithm is not RS256")
	// ErrKey means that the key set has no usable key with the token's kid.
	ErrKey = errors.New("unknown key")
	// ErrSignature means that the signature does not match.
	ErrSignature = errors.New("wrong signature")
	// ErrIssuer means that iss is not "forge/invocation-token", or, in an exchanged token, not the issuer of an [Exchange].
	ErrIssuer = errors.New("wrong issuer")
	// ErrAudience means that aud or app.id names another app, that they differ, or that aud names several. For an exchanged
	// token it also means that the token is for another remote.
	ErrAudience = errors.New("token is for another app")
	// ErrInstallation means that the token has no installation id, or two that differ.
	ErrInstallation = errors.New("no single installation id")
	// ErrEnvironment means that the app runs in an environment that is not among [WithEnvironments].
	ErrEnvironment = errors.New("environment is not allowed")
	// ErrIsolatedCloud means that the token is from an isolated cloud, and that isolated clouds are off or this one is not
	// among the labels of [WithIsolatedClouds].
	ErrIsolatedCloud = errors.New("isolated cloud is not allowed")
	// ErrExpired means that exp plus the leeway has passed.
	ErrExpired = errors.New("token has expired")
	// ErrNotYetValid means that nbf or iat is in the future by more than the leeway. The usual cause is that this machine's
	// clock is slow.
	ErrNotYetValid = errors.New("token is not valid yet")
	// ErrReplayed means that [Verifier.Once] has seen the token before.
	ErrReplayed = errors.New("token has been used")
	// ErrReplaysFull means that [Verifier.Once] cannot remember another token. It never forgets a token early, so it refuses
	// the request with 503.
	ErrReplaysFull = errors.New("too many tokens have been used")

	// ErrUnavailable means that the key set could not be fetched within 10 seconds, so the token could not be verified. This
	// is not the caller's fault: [Verifier.Handler] answers 503, not 401.
	ErrUnavailable = errors.New("key set cannot be fetched")
)

// These errors are the reasons why a client of [AppTokens] does not send a request.
var (
	// ErrNoAppToken means that the request had no such token: endpoint.auth in manifest.yml does not ask for it, or the call
	// did not come through Forge's servers.
	ErrNoAppToken = errors.New("the request had no OAuth token")
	// ErrAPIOrigin means that the address is not at the origin of the API's base URL, or not https.
	ErrAPIOrigin = errors.New("address is not at the product's REST API")
)

// These errors are the reasons why [Verifier.Handler] refuses a request before it verifies a token.
var (
	errNoToken       = errors.New("no bearer token")
	errManyTokens    = errors.New("several Authorization headers")
	errNoClaims      = errors.New("no verified claims; wrap this handler in the verifier's Handler")
	errForeignOrigin = errors.New("origin is not allowed")
)

// problems holds several errors. Unlike errors.Join, it formats them on one line, which suits a log.
type problems []error

func (p problems) Error() string {
	texts := make([]string, len(p))
	for i, err := range p {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

func (p problems) Unwrap() []error { return p }
