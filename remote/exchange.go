package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	// maxExchangeBody is far more than a remote's key needs.
	maxExchangeBody = 4 << 10
	// maxContentType is how long the content-type header may be.
	maxContentType = 256
	// minExchangeKeyBytes is the length of HMAC-SHA-256's output (RFC 7518, section 3.2).
	minExchangeKeyBytes = 32
)

// Exchange gives the app's pages short-lived tokens of this backend's own for their Forge Invocation Tokens, so that a
// page can make its requests itself: with streaming, abort and binary bodies, which the product's page has not. It is the
// backend's half of bridge.ExchangeTokens.
//
//	exchange, err := remote.NewExchange(verifier, map[string]string{"tasks-api": "https://tasks.example.com"})
//	…
//	mux.Handle("/token", exchange)
//	http.ListenAndServe(addr, exchange.Handler(mux))
//
// An Exchange is a handler of POST requests that gives tokens, and its [Exchange.Handler] accepts them. A token says what
// the FIT said of the app, the installation, the module, the place and the user. It is signed with HMAC-SHA-256 by a key
// that only this backend has; its header, issuer and audience are not those of a FIT, so that neither can be taken for the
// other. It is safe for concurrent use.
//
// A token is not taken back before it expires: a user who loses access to the site can use theirs to the end.
type Exchange struct {
	verifier *Verifier
	baseURLs map[string]string
	key      []byte
	lifetime time.Duration
}

// NewExchange returns an exchange for FITs that v verifies; it uses v's clock, leeway and log. baseURLs holds, by its key
// in manifest.yml, the base URL of each remote that this backend is: under forgego dev a local one. A page sends the token
// to that URL's origin only, and a backend accepts no token for a remote that is not in its own map. The origin must stand
// there as browsers write it: in lower case, in ASCII, without the port that every https URL has.
//
// Without [WithExchangeKey] the key is a new one: tokens end with the process, and a page whose token is refused asks for
// another. The error says which argument does not make sense.
func NewExchange(v *Verifier, baseURLs map[string]string, opts ...ExchangeOption) (*Exchange, error) {
	s := exchangeSettings{lifetime: DefaultExchangeLifetime}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("remote: new exchange: option %d is nil", i+1)
		}
		opt(&s)
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
		return errors.New("there is no base URL; give that of each remote of manifest.yml that this backend is")
	}
	for key, base := range baseURLs {
		if key == "" {
			return errors.New("a remote has no key; use that of manifest.yml")
		}
		u, err := parseAddress(base)
		if err != nil {
			return fmt.Errorf("base URL %q of remote %q %w", base, key, err)
		}
		if problem := basePathProblem(base, u); problem != "" {
			return fmt.Errorf("base URL %q of remote %q %s", base, key, problem)
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

// basePathProblem says why a page could not append paths to a base URL and stay below it; "" if it can.
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

// weakness says why a key can be guessed; "" if it looks random. The limits are so that random bytes, and random text in
// hexadecimal or base64, do not reach them: of 32 such bytes or digits fewer than 8 are different in one case of 10 million.
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
	for period := 1; period <= len(key)/2; period++ {
		if bytes.Equal(key[period:], key[:len(key)-period]) {
			return fmt.Sprintf("repeats its first %d bytes", period)
		}
	}
	return ""
}

// Handler is [Verifier.Handler], but accepts tokens of this exchange as well as FITs. [Claims.Exchanged] tells which it
// was. Where only a FIT will do, use Verifier.Handler: it knows nothing of exchanged tokens.
//
// The response is next's own, not wrapped, so that it can flush and stream. A stream may outlive its token: where that
// must not be, next ends it at [Claims.ExpiresAt].
//
// Pages send these requests from their own origin, not from the product's, so that origin has to be among
// [WithAllowedOrigins]. Atlassian does not document what it is on its sites; a deployed page finds it in
// location.origin.
func (x *Exchange) Handler(next http.Handler) http.Handler {
	return x.verifier.handler(next, x.Verify, refusals{
		badToken: "The token is not valid.",
		noToken:  "This request needs a Forge Invocation Token, or a token given for one, as its bearer token.",
	})
}

// Verify returns the claims of a FIT or of a token of this exchange, and errors as [Verifier.Verify] does.
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

// ServeHTTP answers a POST with the body {"remoteKey": "…"} behind [Verifier.Handler] or [Exchange.Handler]:
//
//   - 200 {"jwt": "…", "expiresAt": "…", "baseUrl": "…"}, where expiresAt is in milliseconds since 1970.
//   - 400, 405, 413 or 415 for another request than that.
//   - 403 for a request that has an exchanged token itself, or nobody could be kept from renewing it for ever.
//   - 404 for a remote that is not in the exchange's map.
//   - 500 if it stands behind no verifier, or behind another app's.
//
// Refusals are JSON, {"error": "…"}.
func (x *Exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	claims, ok := FromContext(r.Context())
	if !ok || !slices.Contains(x.verifier.apps, claims.App.ID) || claims.InstallationID() == "" {
		x.verifier.log.ErrorContext(r.Context(), "the exchange got a request without verified claims of its app; let it stand behind its verifier's Handler")
		writeRefusal(w, http.StatusInternalServerError, "This backend is not set up to give tokens.")
		return
	}
	if claims.Exchanged {
		writeRefusal(w, http.StatusForbidden, "A token is given for a Forge Invocation Token only.")
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
		writeRefusal(w, http.StatusNotFound, "This backend gives no tokens for that remote.")
		return
	}
	token, expires, err := x.sign(claims, remoteKey)
	if err != nil {
		x.verifier.log.ErrorContext(r.Context(), "no token could be made", "reason", err)
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

// readRemoteKey reads {"remoteKey": "…"}, or says what is wrong with the request.
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

// isJSON reports whether a content type is that of JSON. Its size is checked first: to parse it takes memory for each
// parameter.
func isJSON(contentType string) bool {
	if len(contentType) > maxContentType {
		return false
	}
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}
