package remote

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// FuzzVerify passes any text to a verifier. Each run makes new keys, so no token of the corpus can be valid.
func FuzzVerify(f *testing.F) {
	for _, seed := range []string{
		"", ".", "..", "...", "a.b.c", "e30.e30.e30",
		b64(`{"alg":"none"}`) + "." + b64(`{}`) + ".",
		b64(`{"alg":"RS256","kid":"`+testKID+`"}`) + "." + b64(toJSON(fitClaims(nil))) + "." + b64(strings.Repeat("s", 256)),
		b64(`{"alg":"RS256","kid":"`+testKID+`","crit":["b64"],"b64":false}`) + ".e30." + b64("s"),
		b64(`{"alg":"RS256","alg":"none","kid":null}`) + ".e30.cw",
		b64(`{"alg":"RS256","kid":"`+testKID+`"}`) + "." + b64(`{"icLabel":"../x"}`) + ".cw",
		b64(`{"alg":"RS256","kid":"`+testKID+`"}`) + "." + b64(`{"icLabel":"orange"}`) + ".cw",
	} {
		f.Add(seed)
	}
	// Each text goes to two verifiers: a plain one, and one that reads labels. The clock does not move, so neither may
	// fetch a key set twice.
	server := &hostileKeys{answer: func(*http.Request) (io.Reader, error) {
		return strings.NewReader(jwks(jwk(testKID, testKey(), nil))), nil
	}}
	client := WithHTTPClient(&http.Client{Transport: server})
	plain := newVerifier(f, client)
	clouds := newVerifier(f, client, WithIsolatedClouds("https://keys.{IC_LABEL}.net/", "orange"))
	f.Fuzz(func(t *testing.T, token string) {
		for _, v := range []*Verifier{plain, clouds} {
			claims, err := v.Verify(t.Context(), token)
			if err == nil || claims != nil {
				t.Fatalf("accepted %q", token)
			}
		}
		// The plain verifier makes one request, the other one request, and the only cloud one.
		if n := server.requests.Load(); n > 3 {
			t.Fatalf("%d requests for key sets; want at most 3", n)
		}
	})
}

// FuzzClaims parses payloads as if their signature were valid. Accepted claims must be for this app and valid now.
func FuzzClaims(f *testing.F) {
	for _, changes := range []object{
		nil, {"aud": []string{testApp}}, {"aud": []any{}}, {"exp": 1e300}, {"exp": "1"}, {"nbf": -1.5}, {"icLabel": "../x"}, {"context": nil},
		{"app": fitApp(object{"license": object{"trialEndDate": "2026-12-08"}})},
	} {
		f.Add(toJSON(fitClaims(changes)))
	}
	f.Add(`null`)
	f.Add(`{"iss":"a","iss":"b"}`)
	f.Add(`{"ISS":"forge/invocation-token"}`)
	const leeway = DefaultLeeway
	v := newVerifier(f)
	f.Fuzz(func(t *testing.T, payload string) {
		claims, err := parseClaims([]byte(payload))
		if err != nil {
			return
		}
		if v.check(claims, ofFIT(v.apps)) != nil {
			return
		}
		if claims.App.ID != testApp || claims.InstallationID() == "" || claims.registered.Issuer != issuer {
			t.Errorf("accepted claims with another app or issuer, or without an installation: %s", payload)
		}
		if !testNow.Before(claims.ExpiresAt.Add(leeway)) || claims.NotBefore.After(testNow.Add(leeway)) || claims.IssuedAt.After(testNow.Add(leeway)) {
			t.Errorf("accepted claims that are not valid now: %s", payload)
		}
	})
}

// FuzzParseKeys parses any text as a key set. The resulting keys must be able to verify RS256 and be strong enough.
func FuzzParseKeys(f *testing.F) {
	f.Add(`{"keys":[]}`)
	f.Add(`{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`)
	f.Add(`{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("_", 342) + `","e":"AQAB","use":"sig"}]}`)
	f.Add(`{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AA","y":"AA"}]}`)
	f.Add(`{"keys":[{"kty":"RSA","kid":"a","x5c":["AA"],"x5t":"AA"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		keys, err := parseKeys([]byte(body))
		if (err == nil) != (len(keys) > 0) {
			t.Fatalf("%d keys with error %v", len(keys), err)
		}
		for kid, key := range keys {
			if kid == "" || len(kid) > maxKIDBytes || key.N.BitLen() < minKeyBits || key.N.BitLen() > jose.MaxRSAModulusBits {
				t.Errorf("the key %q of %d bits was accepted", kid, key.N.BitLen())
			}
		}
	})
}

// FuzzOrigins checks accepted origins with a rule on which all URL parsers agree: ASCII in lower case, and no part that
// a browser would change or leave out.
func FuzzOrigins(f *testing.F) {
	for _, seed := range []string{
		"https://tasks.example.com", "https://tasks.example.com:8443", "http://127.0.0.1:3000", "https://[2001:db8::1]:8443", "https://[::ffff:c000:201]",
		"https://b\u00fccher.example", "https://foo.com:", "https://foo.com:0443", "https://256.0.0.1", "https://0x7f.1", "https://a.example.",
	} {
		f.Add(seed)
	}
	plain := regexp.MustCompile(`^(https://([a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:]+\])|http://(localhost|127(\.\d{1,3}){3}|\[::1\]))(:[1-9]\d{0,4})?$`)
	number := regexp.MustCompile(`//([^/:]*\.)?(\d+|0x[0-9a-f]*)\.?(:\d+)?$`)
	address := regexp.MustCompile(`//(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(:\d+)?$`)
	f.Fuzz(func(t *testing.T, origin string) {
		if checkOrigin(origin) != nil {
			return
		}
		if !plain.MatchString(origin) || number.MatchString(origin) && !address.MatchString(origin) ||
			strings.HasPrefix(origin, "https:") && strings.HasSuffix(origin, ":443") || strings.HasPrefix(origin, "http:") && strings.HasSuffix(origin, ":80") {
			t.Errorf("accepted %q", origin)
		}
	})
}
