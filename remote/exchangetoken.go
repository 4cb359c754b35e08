package remote

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	stdjson "encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// exchangeIssuer is the iss of every token of an [Exchange].
	exchangeIssuer = "forgego/exchange"
	// exchangeAudience begins its aud; the remote's key follows.
	exchangeAudience = "forgego/remote/"
)

// exchangePrefix is the header of every token of an Exchange, as it stands in the token. It is the same for all of them,
// so that a token has nothing to choose: no algorithm, no key. A token that begins in any other way is none of ours.
var exchangePrefix = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"forgego-exchange+jwt"}`)) + "."

// exchangeSignatureBytes is how long a signature is, in base64url.
var exchangeSignatureBytes = base64.RawURLEncoding.EncodedLen(sha256.Size)

// exchangedClaims is the payload. What a FIT says too has the same names there, so that both become Claims alike.
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

// sign makes a token for the caller that c tells of.
func (x *Exchange) sign(c *Claims, remoteKey string) (token string, expires time.Time, err error) {
	// A token tells whole seconds, and must not live longer than it says.
	issued := x.verifier.now().Truncate(time.Second)
	expires = issued.Add(x.lifetime).Truncate(time.Second)
	var payload bytes.Buffer
	encoder := stdjson.NewEncoder(&payload)
	encoder.SetEscapeHTML(false) // it would make text longer that the FIT had room for
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
		return "", time.Time{}, fmt.Errorf("the claims are too long: the token would have %d bytes, and %d are read", len(token), maxTokenBytes)
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
	// The texts are compared and not what they stand for, so that one token has one text only.
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

// isAudience reports whether aud names a remote that this backend is, for an app that it serves.
func (x *Exchange) isAudience(aud, appID string) bool {
	key, ok := strings.CutPrefix(aud, exchangeAudience)
	_, known := x.baseURLs[key]
	return ok && known && slices.Contains(x.verifier.apps, appID)
}
