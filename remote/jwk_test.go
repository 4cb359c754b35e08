package remote

import (
	"testing"
)

// A key says what it is for (RFC 7517, sections 4.2 to 4.4). A key that is not for verifying must not verify a token.
func TestKeyOperations(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changes object
		want    bool
	}{
		{"no key_ops", object{}, true},
		{"no key_ops and no use", object{"use": nil}, true},
		{"verify", object{"key_ops": []any{"verify"}}, true},
		{"verify without a use", object{"use": nil, "key_ops": []any{"verify"}}, true},
		{"sign and verify", object{"key_ops": []any{"sign", "verify"}}, true},
		{"verify and an unknown operation", object{"key_ops": []any{"verify", "https://example.com/attest"}}, true},

		{"encrypt", object{"key_ops": []any{"encrypt"}}, false},
		{"encrypt without a use", object{"use": nil, "key_ops": []any{"encrypt"}}, false},
		{"sign only", object{"key_ops": []any{"sign"}}, false},
		{"wrapKey and unwrapKey", object{"key_ops": []any{"wrapKey", "unwrapKey"}}, false},
		{"an empty list", object{"key_ops": []any{}}, false},
		{"verify beside encrypt", object{"key_ops": []any{"verify", "encrypt"}}, false},
		{"deriveBits beside verify", object{"use": nil, "key_ops": []any{"deriveBits", "verify"}}, false},
		{"verify twice", object{"key_ops": []any{"verify", "verify"}}, false},
		{"in upper case", object{"key_ops": []any{"VERIFY"}}, false},
		{"a string", object{"key_ops": "verify"}, false},
		{"a number in the list", object{"key_ops": []any{"verify", 1}}, false},
		{"an object", object{"key_ops": object{"verify": true}}, false},

		{"verify with the use enc", object{"use": "enc", "key_ops": []any{"verify"}}, false},
		{"an unknown use", object{"use": "SIG"}, false},
		{"a use that is a list", object{"use": []any{"sig"}}, false},
		{"an algorithm that is a number", object{"alg": 256}, false},
		{"an algorithm for encryption", object{"alg": "RSA-OAEP"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := jwks(jwk("other", otherKey(), nil), jwk(testKID, testKey(), tt.changes))
			_, err := newVerifier(t, serving(set)).Verify(t.Context(), fit(nil))
			if tt.want && err != nil {
				t.Error(err)
			}
			if !tt.want {
				assertErrors(t, err, ErrKey)
			}
		})
	}
	// The member must be a list. null does not mean that there is no list.
	null := `{"keys":[` + toJSON(jwk("other", otherKey(), nil)) + `,{"key_ops":null,` + toJSON(jwk(testKID, testKey(), nil))[1:] + `]}`
	_, err := newVerifier(t, serving(null)).Verify(t.Context(), fit(nil))
	assertErrors(t, err, ErrKey)
}

// A byte order mark at the start of a key set is skipped, as in a browser.
func TestKeySetWithByteOrderMark(t *testing.T) {
	v := newVerifier(t, serving("\uFEFF"+jwks(jwk(testKID, testKey(), nil))))
	if _, err := v.Verify(t.Context(), fit(nil)); err != nil {
		t.Error(err)
	}
}
