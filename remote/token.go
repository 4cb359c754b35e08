package remote

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

const (
	maxTokenBytes = 16 << 10
	maxKIDBytes   = 256

	algorithm = "RS256"
)

// base64URL refuses stray bits at the end of a part, so that one token has one text only.
var base64URL = base64.RawURLEncoding.Strict()

// token is a FIT whose form is right and whose signature has not been looked at.
type token struct {
	kid       string
	signed    string // header and payload, as they were sent
	payload   []byte
	signature []byte
}

// parseToken reads a compact JWS (RFC 7515, section 7.1).
func parseToken(text string) (token, error) {
	if len(text) > maxTokenBytes {
		return token{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxTokenBytes)
	}
	if strings.Count(text, ".") != 2 {
		return token{}, fmt.Errorf("%w: not three parts", ErrMalformed)
	}
	// The decoder would skip line breaks.
	if strings.IndexByte(text, '\r') >= 0 || strings.IndexByte(text, '\n') >= 0 {
		return token{}, fmt.Errorf("%w: has a line break", ErrMalformed)
	}
	first, last := strings.IndexByte(text, '.'), strings.LastIndexByte(text, '.')
	t := token{signed: text[:last]}
	var header []byte
	for i, part := range []struct {
		text string
		to   *[]byte
	}{{text[:first], &header}, {text[first+1 : last], &t.payload}, {text[last+1:], &t.signature}} {
		decoded, err := base64URL.DecodeString(part.text)
		if err != nil || len(decoded) == 0 {
			return token{}, fmt.Errorf("%w: part %d is not base64url", ErrMalformed, i+1)
		}
		*part.to = decoded
	}
	var err error
	t.kid, err = checkHeader(header)
	return t, err
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

// verify looks at the signature, by RS256 and nothing else.
func (t token) verify(key *rsa.PublicKey) error {
	sum := sha256.Sum256([]byte(t.signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.signature) != nil {
		return ErrSignature
	}
	return nil
}
