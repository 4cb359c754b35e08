package remote

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// documentedClaims returns the claims of the example in Atlassian's documentation. It has every claim that a FIT can
// have.
func documentedClaims() object {
	return fitClaims(object{
		"icLabel": nil,
		"app": fitApp(object{
			"installation": object{"id": testInstallation, "contexts": []object{
				{"name": "confluence", "apiBaseUrl": "https://api.atlassian.com/ex/confluence/d0d52620-3203-4cfa-8db5-f2587155f0dd", "cloudId": "d0d52620-3203-4cfa-8db5-f2587155f0dd"},
				{"name": "bitbucket", "apiBaseUrl": "https://api.bitbucket.org", "workspaceId": "b7ea02c9-0871-4858-a2a6-a190d7de977c"},
			}},
			"license": object{
				"active": true, "type": "commercial", "isEvaluation": false, "billingPeriod": "MONTHLY", "capabilitySet": "capabilityAdvanced",
				"subscriptionEndDate": "2026-12-08T00:00:00.000Z", "trialEndDate": "2027-06-08T00:00:00.000Z",
				"ccpEntitlementId": "5e176cc2-6fa0-3c7b-8fc4-302443a16e86", "ccpEntitlementSlug": "X-3SH-1A6-33A-AS0",
				"supportEntitlementNumber": nil, "modes": []string{"USER_ACCESS"},
			},
		}),
		"context": object{
			"localId": "4654fa12-4c7c-4792-95a9-6019edb27953", "cloudId": "d0d52620-3203-4cfa-8db5-f2587155f0dd",
			"moduleKey": "tasks-macro", "siteUrl": "https://tasks.atlassian.net",
			"extension": object{
				"type": "macro", "content": object{"id": "5341185"}, "space": object{"key": "~655362312d33088954", "id": "65538"},
				"isEditing": false, "references": []any{},
			},
		},
	})
}

// BenchmarkVerify compares Verify, with the keys in memory, with only checking the signature of the same token.
func BenchmarkVerify(b *testing.B) {
	token := sign(testKey(), toJSON(fitHeader(nil)), toJSON(documentedClaims()))
	verify := func(v *Verifier) func(*testing.B) {
		return func(b *testing.B) {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("bare", func(b *testing.B) {
		dot := strings.LastIndexByte(token, '.')
		signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
		if err != nil {
			b.Fatal(err)
		}
		signed := []byte(token[:dot])
		key := &testKey().PublicKey
		b.ReportAllocs()
		for b.Loop() {
			sum := sha256.Sum256(signed)
			if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ours", verify(newVerifier(b)))
	b.Run("with-1000-keys", func(b *testing.B) {
		keys := []object{jwk(testKID, testKey(), nil)}
		for i := range 999 {
			keys = append(keys, jwk(fmt.Sprint("other-", i), otherKey(), nil))
		}
		verify(newVerifier(b, serving(jwks(keys...))))(b)
	})
}
