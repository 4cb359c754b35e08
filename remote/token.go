package remote

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

const (
	maxTokenBytes = 16 << 10
	maxKIDBytes   = 256
)

// forbidden are the header parameters that would let the token choose its own key, or change how it is read. A FIT has
// none of them.
var forbidden = []string{"jku", "jwk", "x5u", "x5c", "crit", "b64"}

// token is a FIT whose form is right and whose signature has not been looked at.
type token struct {
	kid string
	jws *jose.JSONWebSignature
}

// parseToken reads a compact JWS. It is stricter than go-jose, which skips line breaks and ignores stray bits at the end
// of a part, so that one token has one text only.
func parseToken(text string) (token, error) {
	if len(text) > maxTokenBytes {
		return token{}, fmt.Errorf("%w: longer than %d bytes", ErrMalformed, maxTokenBytes)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return token{}, fmt.Errorf("%w: not three parts", ErrMalformed)
	}
	var header []byte
	for i, part := range parts {
		decoded, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || len(decoded) == 0 || strings.ContainsAny(part, "\r\n") {
			return token{}, fmt.Errorf("%w: part %d is not base64url", ErrMalformed, i+1)
		}
		if i == 0 {
			header = decoded
		}
	}
	kid, err := checkHeader(header)
	if err != nil {
		return token{}, err
	}
	jws, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return token{}, fmt.Errorf("%w: not a signed token", ErrMalformed)
	}
	return token{kid: kid, jws: jws}, nil
}

// checkHeader returns the kid. It uses go-jose's JSON, which tells upper from lower case and refuses repeated names.
func checkHeader(header []byte) (string, error) {
	var params map[string]json.RawMessage
	if err := json.Unmarshal(header, &params); err != nil || params == nil {
		return "", fmt.Errorf("%w: header is not a JSON object", ErrMalformed)
	}
	for _, name := range forbidden {
		if _, ok := params[name]; ok {
			return "", fmt.Errorf("%w: header has %s", ErrMalformed, name)
		}
	}
	var alg, kid string
	if err := json.Unmarshal(params["alg"], &alg); err != nil {
		return "", fmt.Errorf("%w: header has no alg", ErrMalformed)
	}
	if alg != string(jose.RS256) {
		return "", ErrAlgorithm
	}
	if err := json.Unmarshal(params["kid"], &kid); err != nil || kid == "" {
		return "", fmt.Errorf("%w: header has no kid", ErrMalformed)
	}
	if len(kid) > maxKIDBytes {
		return "", fmt.Errorf("%w: kid is longer than %d bytes", ErrMalformed, maxKIDBytes)
	}
	return kid, nil
}
