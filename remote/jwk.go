package remote

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// minKeyBits is the smallest size that is safe. The largest is go-jose's MaxRSAModulusBits: larger keys would make each
	// verification slow.
	minKeyBits = 2048
	// minKeyExponent is the minimum of FIPS 186-5, section 5.1.
	minKeyExponent = 1<<16 + 1
)

// parseKeys returns the keys that can verify a FIT, by id. It skips other keys, so that a new kind of key does not make the
// whole set unusable.
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if unmarshal(withoutBOM(body), &set) != nil {
		return nil, errors.New("not a JSON Web Key Set")
	}
	keys := make(map[string]*rsa.PublicKey)
	for _, text := range set.Keys {
		kid, key, ok := parseKey(text)
		if _, taken := keys[kid]; ok && !taken {
			keys[kid] = key
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no usable key among %d", len(set.Keys))
	}
	return keys, nil
}

// parseKey parses one key of a set and reports whether it can verify FITs.
//
// Source: RFC 7517, section 4.
func parseKey(text []byte) (kid string, key *rsa.PublicKey, ok bool) {
	var k struct {
		Type      string     `json:"kty"`
		ID        string     `json:"kid"`
		Use       string     `json:"use"`
		Algorithm string     `json:"alg"`
		Ops       operations `json:"key_ops"`
	}
	if unmarshal(text, &k) != nil || k.Type != "RSA" || k.ID == "" || len(k.ID) > maxKIDBytes ||
		k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != algorithm || k.Ops.given && !canVerify(k.Ops.texts) {
		return "", nil, false
	}
	var jwk jose.JSONWebKey
	if jwk.UnmarshalJSON(text) != nil {
		return "", nil, false
	}
	key, ok = jwk.Key.(*rsa.PublicKey)
	return k.ID, key, ok && key.N.BitLen() >= minKeyBits && key.N.Bit(0) == 1 && key.E >= minKeyExponent && key.E%2 == 1
}

// operations is the key_ops of a key. A key whose key_ops is null has no operations.
type operations struct {
	given bool
	texts
}

func (o *operations) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	o.given = true
	return o.texts.UnmarshalJSONFrom(dec)
}

// canVerify reports whether a key with these key_ops may verify signatures. It refuses keys that may also encrypt: this
// contradicts the use "sig", and RFC 7517, section 4.3, advises against unrelated operations.
func canVerify(operations []string) bool {
	verify := false
	for i, operation := range operations {
		switch operation {
		case "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits":
			return false
		case "verify":
			verify = true
		}
		if slices.Contains(operations[:i], operation) {
			return false // "Duplicate key operation values MUST NOT be present in the array."
		}
	}
	return verify
}

// withoutBOM removes a byte order mark from the start of body, as browsers do when they read JSON.
func withoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\uFEFF")) }
