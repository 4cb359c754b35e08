package remote

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

// These tokens were not made by Atlassian, or they were changed after that.
func TestVerifyRefusesForgeries(t *testing.T) {
	public := &testKey().PublicKey
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})

	good := fit(nil)
	parts := strings.Split(good, ".")
	header, payload := toJSON(fitHeader(nil)), toJSON(fitClaims(nil))
	with := func(changes object) string { return sign(testKey(), toJSON(fitHeader(changes)), payload) }

	for _, tt := range []struct {
		name  string
		token string
		want  error
	}{
		{"empty", "", ErrMalformed},
		{"junk", "not a token", ErrMalformed},
		{"one part", parts[0], ErrMalformed},
		{"two parts", parts[0] + "." + parts[1], ErrMalformed},
		{"four parts", good + "." + parts[2], ErrMalformed},
		{"dots only", "..", ErrMalformed},
		{"no header", "." + parts[1] + "." + parts[2], ErrMalformed},
		{"no payload", parts[0] + ".." + parts[2], ErrMalformed},
		{"no signature", parts[0] + "." + parts[1] + ".", ErrMalformed},
		{"no dots", strings.ReplaceAll(good, ".", ""), ErrMalformed},
		{"padded", good + "==", ErrMalformed},
		{"standard base64", parts[0] + "." + parts[1] + ".+/+/", ErrMalformed},
		{"space in the header", " " + good, ErrMalformed},
		{"space in the payload", strings.Replace(good, ".", ". ", 1), ErrSignature},
		{"space in the payload, signed", signText(testKey(), b64(header)+". "+b64(payload)), ErrMalformed},
		{"line break in the payload, signed", signText(testKey(), b64(header)+"."+b64(payload)+"\n"), ErrMalformed},
		{"space in the signature", good[:len(good)-1] + " ", ErrMalformed},
		{"line break inside", parts[0][:4] + "\n" + parts[0][4:] + "." + parts[1] + "." + parts[2], ErrMalformed},
		{"line break at the end", good + "\r\n", ErrMalformed},
		{"stray bits at the end", parts[0] + "." + parts[1] + "." + strayBits(parts[2]), ErrMalformed},
		{"NUL at the end", good + "\x00", ErrMalformed},
		{"a megabyte", strings.Repeat("A", 1<<20), ErrMalformed},
		{"a megabyte of dots", strings.Repeat(".", 1<<20), ErrMalformed},
		{"a header of more than 1 KB, signed", with(object{"pad": strings.Repeat("x", 800)}), ErrMalformed},
		{"a signature of more than 1 KB", parts[0] + "." + parts[1] + "." + b64(strings.Repeat("s", 800)), ErrMalformed},
		{"a good token, but too long", fit(object{"pad": strings.Repeat("x", maxTokenBytes)}), ErrMalformed},
		{"JSON serialization", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, ErrMalformed},
		{"five parts, as if encrypted", good + ".e30.e30", ErrMalformed},

		{"alg none", b64(toJSON(object{"alg": "none", "kid": testKID})) + "." + parts[1] + "." + parts[2], ErrAlgorithm},
		{"alg none without signature", b64(toJSON(object{"alg": "none", "kid": testKID})) + "." + parts[1] + ".", ErrMalformed},
		{"alg None", with(object{"alg": "None"}), ErrAlgorithm},
		{"alg rs256", with(object{"alg": "rs256"}), ErrAlgorithm},
		{"alg missing", with(object{"alg": nil}), ErrMalformed},
		{"alg a list", with(object{"alg": []string{"RS256"}}), ErrMalformed},
		{"HS256 with the public key as the secret", signHMAC(publicPEM, toJSON(fitHeader(object{"alg": "HS256"})), payload), ErrAlgorithm},
		{"HS256 with the key's DER as the secret", signHMAC(der, toJSON(fitHeader(object{"alg": "HS256"})), payload), ErrAlgorithm},
		{"HMAC under alg RS256", signHMAC(publicPEM, header, payload), ErrSignature},
		{"RS512", with(object{"alg": "RS512"}), ErrAlgorithm},
		{"PS256", with(object{"alg": "PS256"}), ErrAlgorithm},

		{"another key under the right kid", sign(otherKey(), header, payload), ErrSignature},
		{"payload changed", parts[0] + "." + b64(toJSON(fitClaims(object{"principal": "root"}))) + "." + parts[2], ErrSignature},
		{"header changed", b64(`{"kid":"`+testKID+`","alg":"RS256","x":1}`) + "." + parts[1] + "." + parts[2], ErrSignature},
		{"signature cut", parts[0] + "." + parts[1] + "." + parts[2][:40], ErrSignature},
		{"signature of zeros", parts[0] + "." + parts[1] + "." + b64(strings.Repeat("\x00", 256)), ErrSignature},

		{"kid missing", with(object{"kid": nil}), ErrMalformed},
		{"kid empty", with(object{"kid": ""}), ErrMalformed},
		{"kid a number", with(object{"kid": 1}), ErrMalformed},
		{"kid huge", with(object{"kid": strings.Repeat("k", 5000)}), ErrMalformed},
		{"kid a path", with(object{"kid": "../../../../dev/null"}), ErrKey},
		{"kid a URL", with(object{"kid": "https://evil.example.com/key"}), ErrKey},
		{"kid unknown", with(object{"kid": "forge/invocation-token/2"}), ErrKey},
		{"kid under another case", with(object{"kid": nil, "KID": testKID}), ErrMalformed},

		{"jku", with(object{"jku": "https://evil.example.com/jwks.json"}), ErrMalformed},
		{"x5u", with(object{"x5u": "https://evil.example.com/cert.pem"}), ErrMalformed},
		{"x5c", with(object{"x5c": []string{selfSigned(t)}}), ErrMalformed},
		{"jwk with its own key", sign(otherKey(), toJSON(fitHeader(object{"jwk": jwk(testKID, otherKey(), nil)})), payload), ErrMalformed},
		{"crit", with(object{"crit": []string{"exp"}}), ErrMalformed},
		{"crit empty", with(object{"crit": []string{}}), ErrMalformed},
		{"b64 off", with(object{"b64": false}), ErrMalformed},
		{"header names twice", sign(testKey(), `{"alg":"none","alg":"RS256","kid":"`+testKID+`"}`, payload), ErrMalformed},
		{"header not JSON", sign(testKey(), `alg=RS256`, payload), ErrMalformed},
		{"header null", sign(testKey(), `null`, payload), ErrMalformed},
		{"header a list", sign(testKey(), `[]`, payload), ErrMalformed},

		{"claims not JSON", sign(testKey(), header, "tasks"), ErrMalformed},
		{"claims a list", sign(testKey(), header, "[]"), ErrMalformed},
		{"claims null", sign(testKey(), header, "null"), ErrMalformed},
		{"claims twice", sign(testKey(), header, `{"aud":"`+otherApp+`",`+payload[1:]), ErrMalformed},
		{"names twice in a claim that is not read", sign(testKey(), header, `{"future":{"a":1,"a":2},`+payload[1:]), ErrMalformed},
		{"context.extension.issue.id twice", sign(testKey(), header, strings.Replace(payload, `"issue":{`, `"issue":{"key":"OTHER-1",`, 1)), ErrMalformed},
		{"a name twice, once escaped", sign(testKey(), header, strings.Replace(payload, `"issue":{`, `"issue":{"\u006bey":"OTHER-1",`, 1)), ErrMalformed},
		{"a name twice in a list", sign(testKey(), header, `{"future":[0,[{"a":1},{"a":1,"b":2,"a":3}]],`+payload[1:]), ErrMalformed},
		{"claims with a byte order mark", sign(testKey(), header, "\uFEFF"+payload), ErrMalformed},
		{"header with a byte order mark", sign(testKey(), "\uFEFF"+header, payload), ErrMalformed},
		{"claims with trailing data", sign(testKey(), header, payload+payload), ErrMalformed},
		{"claims nested deep", sign(testKey(), header, strings.Repeat("[", 8000)), ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := newVerifier(t).Verify(t.Context(), tt.token)
			if err == nil {
				t.Fatal("the token was accepted")
			}
			if claims != nil {
				t.Error("Verify returned claims and an error")
			}
			assertErrors(t, err, tt.want)
			assertNoToken(t, err.Error(), tt.token)
		})
	}
}

// selfSigned returns a certificate of testKey in the form of x5c.
func selfSigned(t *testing.T) string {
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &testKey().PublicKey, testKey())
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// strayBits changes the unused bits of the last character. The text changes, and the bytes that it decodes to do not.
func strayBits(part string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, part[len(part)-1])
	return part[:len(part)-1] + alphabet[last|1:last|1+1]
}

// assertNoToken checks that an error, a log line or a response contains no part of the token and no value of its claims.
func assertNoToken(t *testing.T, text, token string) {
	t.Helper()
	for _, part := range strings.Split(token, ".") {
		if len(part) >= 12 && strings.Contains(text, part[:12]) {
			t.Errorf("text %q contains a part of the token", text)
		}
	}
	for _, secret := range []string{"evil.example.com", "655362", testInstallation} {
		if strings.Contains(text, secret) {
			t.Errorf("text %q contains %q from the token", text, secret)
		}
	}
}
