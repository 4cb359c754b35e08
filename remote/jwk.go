package remote

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

const (
	// minKeyBits is the least that is safe. The most, above which each verification would be slow, is go-jose's
	// MaxRSAModulusBits.
	minKeyBits = 2048
	// minKeyExponent is that of FIPS 186-5, section 5.1.
	minKeyExponent = 1<<16 + 1
)

// parseKeys returns the keys that can verify a FIT, by id. Others are left out rather than refused, so that a new kind
// of key does not take the good ones with it.
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	keys := make(map[string]*rsa.PublicKey)
	count := 0
	isSet := readJSON(withoutBOM(body), func(r *jsonReader) {
		r.object(func(name []byte) {
			if string(name) != "keys" {
				r.skip()
				return
			}
			r.list(func() {
				count++
				kid, key, ok := parseKey(r.raw(r.skip))
				if _, taken := keys[kid]; ok && !taken {
					keys[kid] = key
				}
			})
		})
	})
	if !isSet {
		return nil, errors.New("not a JSON Web Key Set")
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no usable key among %d", count)
	}
	return keys, nil
}

// parseKey reads one key of a set and reports whether it can verify FITs.
//
// Source: RFC 7517, section 4.
func parseKey(text []byte) (kid string, key *rsa.PublicKey, ok bool) {
	var kty, use, alg string
	var operations []string
	limited := false
	isKey := readJSON(text, func(r *jsonReader) {
		isObject := r.object(func(name []byte) {
			switch string(name) {
			case "kty":
				r.string(&kty)
			case "kid":
				r.string(&kid)
			case "use":
				r.string(&use)
			case "alg":
				r.string(&alg)
			case "key_ops":
				limited = true
				r.list(func() { operations = append(operations, string(r.text())) })
			default:
				r.skip()
			}
		})
		if !isObject {
			r.fail()
		}
	})
	if !isKey || kty != "RSA" || kid == "" || len(kid) > maxKIDBytes ||
		use != "" && use != "sig" || alg != "" && alg != algorithm || limited && !canVerify(operations) {
		return "", nil, false
	}
	var jwk jose.JSONWebKey
	if jwk.UnmarshalJSON(text) != nil {
		return "", nil, false
	}
	key, ok = jwk.Key.(*rsa.PublicKey)
	return kid, key, ok && key.N.BitLen() >= minKeyBits && key.N.Bit(0) == 1 && key.E >= minKeyExponent && key.E%2 == 1
}

// canVerify reports whether a key with these key_ops may verify signatures. A key that is for encryption too must not: the
// use "sig" would contradict that, and RFC 7517, section 4.3, warns of a key with unrelated operations.
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

// withoutBOM returns the text of a body without the byte order mark that may stand at its start, as browsers read JSON.
func withoutBOM(body []byte) []byte { return bytes.TrimPrefix(body, []byte("\uFEFF")) }
