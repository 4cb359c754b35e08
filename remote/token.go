package remote

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"strings"
)

const (
	maxTokenBytes = 16 << 10
	// maxEndBytes is how long the header and the signature may be, as they stand in the token. A FIT's header has about 100
	// bytes, and the signature of the largest key that is accepted has 683.
	maxEndBytes = 1 << 10
	maxKIDBytes = 256

	algorithm = "RS256"
)

// base64URL refuses stray bits at the end of a part, so that one token has one text only.
var base64URL = base64.RawURLEncoding.Strict()

// token is a compact JWS (RFC 7515, section 7.1) of which only the header has been read. Anybody can write one, so nothing
// that costs time is done with the rest before the signature has been verified.
type token struct {
	kid       string
	signed    string // header and payload, as they were sent
	payload   string // base64url
	signature string // base64url
}

// parseToken splits a token and reads its header.
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

// checkHeader returns the kid.
func checkHeader(header []byte) (string, error) {
	var alg, kid, forbidden string
	isObject := false
	ok := readJSON(header, func(r *jsonReader) {
		isObject = r.object(func(name []byte) {
			switch n := string(name); n {
			case "alg":
				r.string(&alg)
			case "kid":
				r.string(&kid)
			case "jku", "jwk", "x5u", "x5c", "crit", "b64":
				// They would let the token choose its own key, or change how it is read. A FIT has none of them.
				forbidden = n
				r.skip()
			default:
				r.skip()
			}
		})
	})
	switch {
	case !ok || !isObject:
		return "", fmt.Errorf("%w: header is not a JSON object, or its alg or kid is no text", ErrMalformed)
	case forbidden != "":
		return "", fmt.Errorf("%w: header has %s", ErrMalformed, forbidden)
	case alg == "":
		return "", fmt.Errorf("%w: header has no alg", ErrMalformed)
	case alg != algorithm:
		return "", ErrAlgorithm
	case kid == "":
		return "", fmt.Errorf("%w: header has no kid", ErrMalformed)
	case len(kid) > maxKIDBytes:
		return "", fmt.Errorf("%w: kid is longer than %d bytes", ErrMalformed, maxKIDBytes)
	}
	return kid, nil
}

// verify checks the signature, by RS256 and nothing else.
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

// sum writes text to h, without a copy of all of it, and returns the sum.
func sum(h hash.Hash, text string) []byte {
	var buffer [512]byte
	for text != "" {
		n := copy(buffer[:], text)
		h.Write(buffer[:n])
		text = text[n:]
	}
	return h.Sum(buffer[:0])
}
