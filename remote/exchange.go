package remote

import (
	"context"
	"crypto/rand"
	stdjson "encoding/json"
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

	"github.com/go-jose/go-jose/v4/json"
)

const (
	// maxExchangeBody is far more than a remote's key needs.
	maxExchangeBody = 4 << 10
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
// to that URL's origin only, and a backend accepts no token for a remote that is not in its own map.
//
// Without [WithExchangeKey] the key is a new one: tokens end with the process, and a page whose token is refused asks for
// another. The error says which argument does not make sense.
func NewExchange(v *Verifier, baseURLs map[string]string, opts ...ExchangeOption) (*Exchange, error) {
	s := exchangeSettings{lifetime: DefaultExchangeLifetime}
	for _, opt := range opts {
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
		u, err := url.Parse(base)
		if key == "" || err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(base, "?#") {
			return fmt.Errorf("base URL %q of remote %q is not an absolute URL without user name, query and fragment", base, key)
		}
		if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
			return fmt.Errorf("base URL %q of remote %q must be https, or http on a loopback address", base, key)
		}
	}
	if s.keyGiven && len(s.key) < minExchangeKeyBytes {
		return fmt.Errorf("the key has %d bytes; it needs at least %d random ones", len(s.key), minExchangeKeyBytes)
	}
	if s.lifetime < time.Second || s.lifetime > maxExchangeLifetime {
		return fmt.Errorf("lifetime %v is not between 1s and %v", s.lifetime, maxExchangeLifetime)
	}
	return nil
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
	stdjson.NewEncoder(w).Encode(struct {
		JWT       string `json:"jwt"`
		ExpiresAt string `json:"expiresAt"`
		BaseURL   string `json:"baseUrl"`
	}{token, strconv.FormatInt(expires.UnixMilli(), 10), base})
}

// readRemoteKey reads {"remoteKey": "…"}, or says what is wrong with the request. It uses go-jose's JSON, for which a
// name that stands twice is an error.
func readRemoteKey(w http.ResponseWriter, r *http.Request) (key string, status int, problem string) {
	if given := r.Header.Get("Content-Type"); given != "" {
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
			return "", http.StatusUnsupportedMediaType, "The body must be application/json."
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxExchangeBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", http.StatusRequestEntityTooLarge, "The body is larger than 4 KB."
	}
	const wrong = `The body must be {\"remoteKey\": \"…\"} and nothing else.`
	var members map[string]json.RawMessage
	if err != nil || json.Unmarshal(body, &members) != nil || len(members) != 1 {
		return "", http.StatusBadRequest, wrong
	}
	var text *string
	if json.Unmarshal(members["remoteKey"], &text) != nil || text == nil {
		return "", http.StatusBadRequest, wrong
	}
	return *text, 0, ""
}
