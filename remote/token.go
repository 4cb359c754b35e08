package remote

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxTokenBytes = 16 << 10
	// maxEndBytes limits the encoded length of the header, and of the signature. A FIT's header has about 100 bytes, and the
	// signature of the largest accepted key has 683.
	maxEndBytes = 1 << 10
	maxKIDBytes = 256

	algorithm = "RS256"
)

// base64URL refuses stray bits at the end of a part, so that each token has only one valid text.
var base64URL = base64.RawURLEncoding.Strict()

// token is a compact JWS (RFC 7515, section 7.1) whose header has been parsed. Anybody can write one, so the other parts are
// not decoded before the signature is verified.
type token struct {
	kid       string
	signed    string // header and payload as sent
	payload   string // base64url
	signature string // base64url
}

// parseToken splits a token and parses its header.
func parseToken(text string) (token, error) {
	if len(text) > maxTokenBytes {
		return token{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxTokenBytes)
	}
	header, rest, _ := strings.Cut(text, ".")
	payload, signature, ok := strings.Cut(rest, ".")
	switch {
	case !ok || strings.Contains(signature, "."):
		return token{}, fmt.Errorf("%w: not three parts", ErrMalformed)
	case len(header) > maxEndBytes:
		return token{}, fmt.Errorf("%w: header is longer than %d bytes", ErrMalformed, maxEndBytes)
	case len(signature) > maxEndBytes:
		return token{}, fmt.Errorf("%w: signature is longer than %d bytes", ErrMalformed, maxEndBytes)
	case payload == "" || signature == "":
		return token{}, fmt.Errorf("%w: no payload or no signature", ErrMalformed)
	}
	decoded, err := decodePart(header, "header")
	if err != nil {
		return token{}, err
	}
	kid, err := checkHeader(decoded)
	return token{kid: kid, signed: text[:len(header)+1+len(payload)], payload: payload, signature: signature}, err
}

// decodePart decodes a part of a token, which must not be empty.
func decodePart(part, name string) ([]byte, error) {
	decoded, err := base64URL.DecodeString(part)
	// The decoder skips line breaks.
	if err != nil || len(decoded) == 0 || strings.ContainsAny(part, "\r\n") {
		return nil, fmt.Errorf("%w: %s is not base64url", ErrMalformed, name)
	}
	return decoded, nil
}

// checkHeader checks the header of a FIT and returns its kid.
func checkHeader(header []byte) (string, error) {
	var h struct {
		Alg string `json:"alg"`
		KID string `json:"kid"`
		// These would let the token choose its key or change its format. A FIT has none of them.
		JKU  jsontext.Value `json:"jku"`
		JWK  jsontext.Value `json:"jwk"`
		X5U  jsontext.Value `json:"x5u"`
		X5C  jsontext.Value `json:"x5c"`
		Crit jsontext.Value `json:"crit"`
		B64  jsontext.Value `json:"b64"`
	}
	err := unmarshal(header, &h)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: header is not a JSON object, or its alg or kid is not a string", ErrMalformed)
	case h.JKU != nil || h.JWK != nil || h.X5U != nil || h.X5C != nil || h.Crit != nil || h.B64 != nil:
		return "", fmt.Errorf("%w: header has jku, jwk, x5u, x5c, crit or b64", ErrMalformed)
	case h.Alg == "":
		return "", fmt.Errorf("%w: header has no alg", ErrMalformed)
	case h.Alg != algorithm:
		return "", ErrAlgorithm
	case h.KID == "":
		return "", fmt.Errorf("%w: header has no kid", ErrMalformed)
	case len(h.KID) > maxKIDBytes:
		return "", fmt.Errorf("%w: kid is longer than %d bytes", ErrMalformed, maxKIDBytes)
	}
	return h.KID, nil
}

// verify checks the signature by RS256, the only algorithm.
func (t token) verify(key *rsa.PublicKey) error {
	signature, err := decodePart(t.signature, "signature")
	if err != nil {
		return err
	}
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum(sha256.New(), t.signed), signature) != nil {
		return ErrSignature
	}
	return nil
}

// sum writes text to h in small pieces, so that it does not copy all of it, and returns the hash.
func sum(h hash.Hash, text string) []byte {
	var buffer [512]byte
	for text != "" {
		n := copy(buffer[:], text)
		h.Write(buffer[:n])
		text = text[n:]
	}
	return h.Sum(buffer[:0])
}
