package remote

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// exchangeIssuer is the iss of every token of an [Exchange].
	exchangeIssuer = "forgego/exchange"
	// exchangeAudience is the prefix of its aud, before the remote's key.
	exchangeAudience = "forgego/remote/"
)

// exchangePrefix is the encoded header of every token of an Exchange. All tokens have the same header, so that a token cannot
// choose an algorithm or a key. A token with any other prefix is not from an Exchange.
var exchangePrefix = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"forgego-exchange+jwt"}`)) + "."

// exchangeSignatureBytes is the length of a signature in base64url.
var exchangeSignatureBytes = base64.RawURLEncoding.EncodedLen(sha256.Size)

// exchangedClaims is the payload of a token. Claims that a FIT has too have the same names, so that parseClaims reads both.
type exchangedClaims struct {
	Issuer    string   `json:"iss"`
	Audience  string   `json:"aud"`
	IssuedAt  int64    `json:"iat"`
	Expires   int64    `json:"exp"`
	ID        string   `json:"jti"`
	App       App      `json:"app"`
	Context   *Context `json:"context,omitempty"`
	Principal string   `json:"principal,omitempty"`
	ICLabel   string   `json:"icLabel,omitempty"`
}

// sign returns a token for the caller in c.
func (x *Exchange) sign(c *Claims, remoteKey string) (token string, expires time.Time, err error) {
	// The times in a token are whole seconds, and it must not live longer than they say.
	issued := x.verifier.now().Truncate(time.Second)
	expires = issued.Add(x.lifetime).Truncate(time.Second)
	var payload bytes.Buffer
	encoder := json.NewEncoder(&payload)
	encoder.SetEscapeHTML(false) // escapes could make the token longer than the limit, although the FIT was not
	err = encoder.Encode(exchangedClaims{
		Issuer:    exchangeIssuer,
		Audience:  exchangeAudience + remoteKey,
		IssuedAt:  issued.Unix(),
		Expires:   expires.Unix(),
		ID:        rand.Text(),
		App:       c.App,
		Context:   c.Context,
		Principal: c.Principal,
		ICLabel:   c.ICLabel,
	})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("encoding the claims: %w", err)
	}
	signed := exchangePrefix + base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(payload.Bytes()))
	token = signed + "." + x.signature(signed)
	if len(token) > maxTokenBytes {
		return "", time.Time{}, fmt.Errorf("the claims are too long: the token would have %d bytes, and the limit is %d", len(token), maxTokenBytes)
	}
	return token, expires, nil
}

func (x *Exchange) signature(signed string) string {
	return base64.RawURLEncoding.EncodeToString(sum(hmac.New(sha256.New, x.key), signed))
}

// open returns the claims of a token that begins with exchangePrefix.
func (x *Exchange) open(token string) (*Claims, error) {
	if len(token) > maxTokenBytes {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxTokenBytes)
	}
	body, signature, ok := strings.Cut(strings.TrimPrefix(token, exchangePrefix), ".")
	if !ok || strings.Contains(signature, ".") {
		return nil, fmt.Errorf("%w: not three parts", ErrMalformed)
	}
	// This compares the encoded texts, so that each token has only one valid text.
	if len(signature) != exchangeSignatureBytes || !hmac.Equal([]byte(signature), []byte(x.signature(token[:len(exchangePrefix)+len(body)]))) {
		return nil, ErrSignature
	}
	payload, err := decodePart(body, "payload")
	if err != nil {
		return nil, err
	}
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, err
	}
	if err := x.verifier.check(claims, expected{issuer: exchangeIssuer, audience: x.isAudience}); err != nil {
		return nil, err
	}
	claims.Exchanged = true
	return claims, nil
}

// isAudience reports whether aud names a remote of this exchange and appID an app of its verifier.
func (x *Exchange) isAudience(aud, appID string) bool {
	key, ok := strings.CutPrefix(aud, exchangeAudience)
	_, known := x.baseURLs[key]
	return ok && known && slices.Contains(x.verifier.apps, appID)
}
