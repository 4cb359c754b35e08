package remote

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxExchangeBody is far longer than a remote's key.
	maxExchangeBody = 4 << 10
	// maxContentType limits the length of the content-type header.
	maxContentType = 256
	// minExchangeKeyBytes is the length of HMAC-SHA-256's output (RFC 7518, section 3.2).
	minExchangeKeyBytes = 32
)

// Exchange issues short-lived tokens of this backend in exchange for Forge Invocation Tokens. With them a page of the app
// makes its requests itself: with streams, aborts and binary bodies, which the product's page does not support. Exchange is
// the backend's side of bridge.ExchangeTokens.
//
//	exchange, err := remote.NewExchange(verifier, map[string]string{"tasks-api": verifier.BaseURL()})
//	…
//	mux.Handle("/token", exchange)
//	http.ListenAndServe(addr, exchange.Handler(mux))
//
// An Exchange is itself the handler that issues tokens for POST requests, and its [Exchange.Handler] accepts them. A token
// carries the FIT's claims about the app, the installation, the module, the place and the user. It is signed with
// HMAC-SHA-256 by a key that only this backend has. Its header, issuer and audience differ from those of a FIT, so that one
// cannot be mistaken for the other. An Exchange is safe for concurrent use.
//
// Tokens cannot be revoked: a user who loses access to the site can use a token until it expires.
type Exchange struct {
	verifier *Verifier
	baseURLs map[string]string
	key      []byte
	lifetime time.Duration
}

// NewExchange returns an exchange for FITs that v verifies. It uses v's clock, leeway and logger. baseURLs maps the key in
// manifest.yml of each remote that this backend serves to its base URL, which is a local one under forgego dev: see
// [FromEnv] and [Verifier.BaseURL]. A page sends the token only to the origin of that URL, and the exchange accepts no token
// for a remote that is not in baseURLs. Write the origin as browsers do: in lower case, in ASCII, without the default port.
//
// Without [WithExchangeKey], each Exchange makes a new key. Then tokens end with the process, and a page whose token is
// refused asks for another. The error says which argument is invalid.
func NewExchange(v *Verifier, baseURLs map[string]string, options ...ExchangeOption) (*Exchange, error) {
	s := exchangeSettings{lifetime: DefaultExchangeLifetime}
	for i, option := range options {
		if option == nil {
			return nil, fmt.Errorf("remote: new exchange: option %d is nil", i+1)
		}
		option(&s)
	}
	if err := s.check(v, baseURLs); err != nil {
		return nil, fmt.Errorf("remote: new exchange: %w", err)
	}
	x := &Exchange{verifier: v, baseURLs: maps.Clone(baseURLs), key: s.key, lifetime: s.lifetime}
	if x.key == nil {
		x.key = make([]byte, minExchangeKeyBytes)
		rand.Read(x.key)
	}
	return x, nil
}

func (s *exchangeSettings) check(v *Verifier, baseURLs map[string]string) error {
	if v == nil {
		return errors.New("the verifier must not be nil")
	}
	if len(baseURLs) == 0 {
		return errors.New("there is no base URL; pass one for each remote of manifest.yml that this backend serves")
	}
	for key, base := range baseURLs {
		if key == "" {
			return errors.New("a remote has no key; use that of manifest.yml")
		}
		if base == "" {
			return fmt.Errorf("the base URL of remote %q is empty; use its baseUrl of manifest.yml, or Verifier.BaseURL and the variable %s", key, urlVariable)
		}
		if err := checkBaseURL(base); err != nil {
			return fmt.Errorf("base URL %q of remote %q %w", base, key, err)
		}
	}
	if s.keyGiven {
		if problem := weakness(s.key); problem != "" {
			return fmt.Errorf("the key %s; it needs at least %d random bytes, such as those of crypto/rand", problem, minExchangeKeyBytes)
		}
	}
	if s.lifetime < time.Second || s.lifetime > maxExchangeLifetime {
		return fmt.Errorf("lifetime %v is not between 1s and %v", s.lifetime, maxExchangeLifetime)
	}
	return nil
}

// checkBaseURL returns an error if a page cannot make requests at or below this URL.
func checkBaseURL(base string) error {
	u, err := parseAddress(base)
	if err != nil {
		return err
	}
	if problem := basePathProblem(base, u); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// basePathProblem returns why a page cannot append paths to a base URL and stay below it, or "" if it can.
func basePathProblem(text string, u *url.URL) string {
	switch {
	case strings.Contains(text, "?"):
		return "has a query"
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7F || r == '\\' }):
		return "has a space, a control character or a backslash"
	case strings.HasPrefix(u.Path, "//"):
		return "has a path that begins with //, which names another host"
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return "has a . or .. in its path"
		}
	}
	return ""
}

// weakness returns why a key can be guessed, or "" if it looks random. Random bytes, and random text in hexadecimal or base64,
// stay within the limits: 32 random digits have fewer than 8 different values in one case of 10 million.
func weakness(key []byte) string {
	const least = 8
	if len(key) < minExchangeKeyBytes {
		return fmt.Sprintf("has %d bytes", len(key))
	}
	values, steps := make(map[byte]bool), make(map[byte]bool)
	for i, b := range key {
		values[b] = true
		steps[b-key[max(i-1, 0)]] = true
	}
	if len(values) < least {
		return fmt.Sprintf("has only %d different bytes", len(values))
	}
	if len(steps) < least {
		return "is a sequence, not random"
	}
	// In random text few sequences of three bytes occur twice, even in hexadecimal.
	triples := make(map[[3]byte]bool)
	for i := range len(key) - 2 {
		triples[[3]byte(key[i:])] = true
	}
	if len(triples) <= (len(key)-2)/2+1 {
		return "repeats itself"
	}
	return ""
}

// Handler is like [Verifier.Handler] but accepts tokens of this exchange as well as FITs. [Claims.Exchanged] reports which
// one it was. If only a FIT is acceptable, use Verifier.Handler, which refuses exchanged tokens.
//
// next gets the ResponseWriter unwrapped, so that it can flush and stream. A stream can outlive its token. To prevent that,
// next must end it at [Claims.ExpiresAt].
//
// Pages send these requests from their own origin, not from the product's, so pass that origin to [WithAllowedOrigins].
// Atlassian does not document this origin. A deployed page finds it in location.origin.
func (x *Exchange) Handler(next http.Handler) http.Handler {
	return x.verifier.handler(next, x.Verify, refusals{
		badToken: "The token is not valid.",
		noToken:  "This request needs a Forge Invocation Token, or a token issued for one, as its bearer token.",
	})
}

// Verify returns the claims of a FIT or of a token of this exchange. Its errors are those of [Verifier.Verify].
func (x *Exchange) Verify(ctx context.Context, token string) (*Claims, error) {
	if !strings.HasPrefix(token, exchangePrefix) {
		return x.verifier.Verify(ctx, token)
	}
	claims, err := x.open(token)
	if err != nil {
		return nil, fmt.Errorf("remote: verify: %w", err)
	}
	return claims, nil
}

// ServeHTTP issues a token for a POST request with the body {"remoteKey": "…"}. It must be wrapped in [Verifier.Handler] or
// [Exchange.Handler]. It answers:
//
//   - 200 {"jwt": "…", "expiresAt": "…", "baseUrl": "…"}, where expiresAt is in milliseconds since 1970.
//   - 400, 405, 413 or 415 if the request is not of that form.
//   - 403 if the request came with an exchanged token. Otherwise a token could be renewed forever.
//   - 404 if the remote is not in baseURLs.
//   - 500 if it is not wrapped in a verifier's Handler, or in that of another app.
//
// Refusals are JSON, {"error": "…"}.
func (x *Exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	claims, ok := FromContext(r.Context())
	if !ok || !slices.Contains(x.verifier.apps, claims.App.ID) || claims.InstallationID() == "" {
		x.verifier.logRefusal(r.Context(), slog.LevelError, "the exchange refused a request", errNoClaims)
		writeRefusal(w, http.StatusInternalServerError, "This backend is not set up to issue tokens.")
		return
	}
	if claims.Exchanged {
		writeRefusal(w, http.StatusForbidden, "A token is issued only for a Forge Invocation Token.")
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		writeRefusal(w, http.StatusMethodNotAllowed, "Ask for a token with POST.")
		return
	}
	remoteKey, status, problem := readRemoteKey(w, r)
	if problem != "" {
		writeRefusal(w, status, problem)
		return
	}
	base, ok := x.baseURLs[remoteKey]
	if !ok {
		writeRefusal(w, http.StatusNotFound, "This backend does not issue tokens for that remote.")
		return
	}
	token, expires, err := x.sign(claims, remoteKey)
	if err != nil {
		x.verifier.logRefusal(r.Context(), slog.LevelError, "making a token failed", err)
		writeRefusal(w, http.StatusInternalServerError, "The token could not be made.")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(struct {
		JWT       string `json:"jwt"`
		ExpiresAt string `json:"expiresAt"`
		BaseURL   string `json:"baseUrl"`
	}{token, strconv.FormatInt(expires.UnixMilli(), 10), base})
}

// readRemoteKey reads {"remoteKey": "…"}. If the request is invalid, it returns a status and a text for the refusal.
func readRemoteKey(w http.ResponseWriter, r *http.Request) (key string, status int, problem string) {
	if given := r.Header.Get("Content-Type"); given != "" && !isJSON(given) {
		return "", http.StatusUnsupportedMediaType, "The body must be application/json."
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxExchangeBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", http.StatusRequestEntityTooLarge, "The body is larger than 4 KB."
	}
	var request struct {
		RemoteKey *string `json:"remoteKey"`
	}
	if err != nil || unmarshal(withoutBOM(body), &request, onlyKnown) != nil || request.RemoteKey == nil {
		return "", http.StatusBadRequest, `The body must be {\"remoteKey\": \"…\"} and nothing else.`
	}
	return *request.RemoteKey, 0, ""
}

// isJSON reports whether a content type is that of JSON. It checks the length first, because the parser allocates memory for
// each parameter.
func isJSON(contentType string) bool {
	if len(contentType) > maxContentType {
		return false
	}
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}
