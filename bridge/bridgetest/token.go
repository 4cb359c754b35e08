package bridgetest

import (
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// issuers has one issuer per app for the whole test program, because making a key is slow.
var issuers sync.Map

func issuerOf(appID string) *remotetest.Issuer {
	issuer, _ := issuers.LoadOrStore(appID, remotetest.NewIssuer(appID))
	return issuer.(*remotetest.Issuer)
}

// Issuer returns the issuer that signs the host's tokens. Do not change it unless [WithIssuer] set it, because other
// hosts share it.
func (h *Host) Issuer() *remotetest.Issuer { return h.settings.issuer }

// Verifier returns a verifier of the host's tokens, for a remote that uses package remote as in production:
//
//	host.Remote("tasks-api", host.Verifier().Handler(mux))
//
// Options are those of remote.New. An invalid option fails the test.
func (h *Host) Verifier(options ...remote.Option) *remote.Verifier {
	verifier, err := h.settings.issuer.Verifier(options...)
	if err != nil {
		if h.t != nil {
			h.t.Helper()
		}
		h.misuse("making the verifier: %v", err)
	}
	return verifier
}

// SetClaims changes the claims in tokens from now on, for example when another user signs in or the license ends. It
// replaces [WithClaims] and earlier claims.
func (h *Host) SetClaims(options ...remotetest.TokenOption) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.settings.claims = append([]remotetest.TokenOption{}, options...)
	clear(h.tokens)
}

// signed is a token with the time when it expires, by the issuer's clock. It is valid for lifetime after since.
type signed struct {
	value    string
	expires  time.Time
	since    clock.Instant
	lifetime time.Duration
}

// tokenKey names a token that a page keeps.
type tokenKey struct {
	window    *Window
	remoteKey string
}

// sign makes a token for a window. Only tokens for invokeRemote have the principal, as Atlassian documents.
func (w *Window) sign(lifetime time.Duration, withPrincipal bool) signed {
	h := w.host
	h.mu.Lock()
	claims := w.claims()
	h.mu.Unlock()
	s := signed{since: clock.Now()}
	var present time.Time // by the issuer's clock
	options := []remotetest.TokenOption{func(f *remotetest.FIT) {
		present = f.IssuedAt
		f.ExpiresAt = present.Add(lifetime)
	}}
	options = append(options, claims...)
	options = append(options, func(f *remotetest.FIT) {
		if !withPrincipal {
			f.Principal = ""
		}
		s.expires, s.lifetime = f.ExpiresAt, f.ExpiresAt.Sub(present)
	})
	s.value = h.settings.issuer.Token(options...)
	return s
}

// tokenMargin is how long before its end the token of requestRemote is renewed, as in the local host.
const tokenMargin = 2 * time.Second

// pageToken returns the token of requestRemote, which the page keeps until it expires.
func (w *Window) pageToken(remoteKey string) string {
	h, key := w.host, tokenKey{w, remoteKey}
	// Concurrent calls share one token.
	h.minting.Lock()
	defer h.minting.Unlock()
	h.mu.Lock()
	kept, ok := h.tokens[key]
	h.mu.Unlock()
	if ok && clock.Now().Sub(kept.since) < kept.lifetime-tokenMargin {
		return kept.value
	}
	s := w.sign(h.settings.tokenLifetime, false)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens[key] = s
	return s.value
}

// signToken is the command signInvocationTokenForUI, from which bridge.HostTokens gets tokens. Each call makes a new
// one.
func (w *Window) signToken(e *entry, payload []byte) (bridge.Answer, error) {
	h := w.host
	var in struct {
		RemoteKey *string `json:"remoteKey"`
	}
	if json.Unmarshal(payload, &in) != nil || in.RemoteKey == nil {
		return bridge.Answer{}, &bridge.HostError{Name: "Error", Code: "INVALID_REQUEST", Message: "signInvocationTokenForUI needs the key of a remote."}
	}
	target, err := h.target(*in.RemoteKey)
	if err != nil {
		return bridge.Answer{}, err
	}
	h.setTarget(e, target.key, "", "")
	s := w.sign(h.settings.tokenLifetime, false)
	return answerJSON(map[string]string{
		"jwt": s.value, "expiresAt": strconv.FormatInt(s.expires.UnixMilli(), 10), "baseUrl": target.base,
	})
}

func answerJSON(value any) (bridge.Answer, error) {
	data, err := json.Marshal(value)
	return bridge.Answer{Payload: data}, err
}
