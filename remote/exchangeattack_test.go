package remote

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
)

// exchangeClaims returns the claims of a good exchanged token, with these changes.
func exchangeClaims(changes object) object {
	now := testNow.Unix()
	return changed(object{
		"iss": "forgego/exchange", "aud": "forgego/remote/tasks-api", "iat": now, "exp": now + 300,
		"jti": "A", "principal": "655362:aaaa", "app": fitApp(nil),
	}, changes)
}

const exchangeHeader = `{"alg":"HS256","typ":"forgego-exchange+jwt"}`

// These tokens were not issued by this exchange, or not for this use.
func TestExchangeRefusesForgeries(t *testing.T) {
	x := newExchange(t)
	now := testNow.Unix()
	der, err := x509.MarshalPKIXPublicKey(&testKey().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	ours := func(header, payload string) string { return signHMAC(testExchangeKey, header, payload) }
	with := func(changes object) string { return ours(exchangeHeader, toJSON(exchangeClaims(changes))) }
	app := func(changes object) string { return with(object{"app": fitApp(changes)}) }

	payload := toJSON(exchangeClaims(nil))
	good := ours(exchangeHeader, payload)
	if _, err := x.Verify(t.Context(), good); err != nil {
		t.Fatalf("the unchanged token was refused: %v", err)
	}
	parts := strings.Split(good, ".")
	aFIT := strings.Split(fit(nil), ".")

	for _, tt := range []struct {
		name, token string
		want        []error
	}{
		{"alg none", b64(`{"alg":"none","typ":"forgego-exchange+jwt"}`) + "." + parts[1] + "." + parts[2], []error{ErrAlgorithm}},
		{"alg none without signature", b64(`{"alg":"none","typ":"forgego-exchange+jwt"}`) + "." + parts[1] + ".", []error{ErrMalformed}},
		{"our header without signature", parts[0] + "." + parts[1] + ".", []error{ErrSignature}},
		{"alg hs256", ours(`{"alg":"hs256","typ":"forgego-exchange+jwt"}`, payload), []error{ErrAlgorithm}},
		{"HS512", ours(`{"alg":"HS512","typ":"forgego-exchange+jwt"}`, payload), []error{ErrAlgorithm}},
		{"HS256 of another type", ours(`{"alg":"HS256","typ":"JWT"}`, payload), []error{ErrAlgorithm}},
		{"our header in another order", ours(`{"typ":"forgego-exchange+jwt","alg":"HS256"}`, payload), []error{ErrAlgorithm}},
		{"our header with a space", ours(`{"alg": "HS256","typ":"forgego-exchange+jwt"}`, payload), []error{ErrAlgorithm}},
		{"our header with a kid", ours(`{"alg":"HS256","typ":"forgego-exchange+jwt","kid":"/dev/null"}`, payload), []error{ErrAlgorithm}},
		{"our header with a jwk", ours(`{"alg":"HS256","typ":"forgego-exchange+jwt","jwk":{"kty":"oct","k":"AA"}}`, payload), []error{ErrMalformed}},

		{"another key", signHMAC([]byte(strings.Repeat("k", 32)), exchangeHeader, payload), []error{ErrSignature}},
		{"an empty key", signHMAC(nil, exchangeHeader, payload), []error{ErrSignature}},
		{"a key of zeros", signHMAC(make([]byte, 32), exchangeHeader, payload), []error{ErrSignature}},
		{"the FIT's public key as the secret", signHMAC(publicPEM, exchangeHeader, payload), []error{ErrSignature}},
		{"the FIT's key under our header", sign(testKey(), exchangeHeader, payload), []error{ErrSignature}},
		{"the FIT's key under the FIT's header", sign(testKey(), toJSON(fitHeader(nil)), payload), []error{ErrIssuer, ErrAudience}},
		{"a FIT's claims under our key", ours(exchangeHeader, toJSON(fitClaims(nil))), []error{ErrIssuer, ErrAudience}},
		{"a FIT under our header", parts[0] + "." + aFIT[1] + "." + aFIT[2], []error{ErrSignature}},
		{"our claims under a FIT's header", aFIT[0] + "." + parts[1] + "." + parts[2], []error{ErrSignature}},
		{"our token as if it were a FIT", ours(toJSON(fitHeader(nil)), toJSON(fitClaims(nil))), []error{ErrSignature}},

		{"payload changed", parts[0] + "." + b64(toJSON(exchangeClaims(object{"principal": "root"}))) + "." + parts[2], []error{ErrSignature}},
		{"signature cut", good[:len(good)-1], []error{ErrSignature}},
		{"signature padded", good + "=", []error{ErrSignature}},
		{"signature with stray bits", parts[0] + "." + parts[1] + "." + strayBits(parts[2]), []error{ErrSignature}},
		{"line break at the end", good + "\n", []error{ErrSignature}},
		{"four parts", good + "." + parts[2], []error{ErrMalformed}},
		{"two parts", parts[0] + "." + parts[1], []error{ErrMalformed}},
		{"header only", exchangePrefix, []error{ErrMalformed}},
		{"too long", with(object{"pad": strings.Repeat("x", maxTokenBytes)}), []error{ErrMalformed}},
		{"a megabyte", exchangePrefix + strings.Repeat(".", 1<<20), []error{ErrMalformed}},

		{"expired", with(object{"exp": now - 5}), []error{ErrExpired}},
		{"no exp", with(object{"exp": nil}), []error{ErrMalformed}},
		{"exp in milliseconds", with(object{"exp": now * 1000}), []error{ErrMalformed}},
		{"issued in the future", with(object{"iat": now + 60}), []error{ErrNotYetValid}},
		{"another issuer", with(object{"iss": "forgego/other"}), []error{ErrIssuer}},
		{"the FIT's issuer", with(object{"iss": issuer}), []error{ErrIssuer}},
		{"no issuer", with(object{"iss": nil}), []error{ErrIssuer}},
		{"the FIT's audience", with(object{"aud": testApp}), []error{ErrAudience}},
		{"the audience of another remote", with(object{"aud": "forgego/remote/other"}), []error{ErrAudience}},
		{"a remote without a name", with(object{"aud": "forgego/remote/"}), []error{ErrAudience}},
		{"the remote's key alone", with(object{"aud": "tasks-api"}), []error{ErrAudience}},
		{"two audiences", with(object{"aud": []string{"forgego/remote/tasks-api", "forgego/remote/other"}}), []error{ErrAudience}},
		{"no audience", with(object{"aud": nil}), []error{ErrAudience}},
		{"another app", app(object{"id": otherApp}), []error{ErrAudience}},
		{"no app", with(object{"app": nil}), []error{ErrAudience, ErrInstallation}},
		{"no installation", app(object{"installationId": nil, "installation": nil}), []error{ErrInstallation}},
		{"two installations", app(object{"installationId": testInstallation + "0"}), []error{ErrInstallation}},
		{"a label that is a path", with(object{"icLabel": "../x"}), []error{ErrMalformed}},
		{"claims twice", ours(exchangeHeader, `{"exp":1,`+payload[1:]), []error{ErrMalformed}},
		{"claims null", ours(exchangeHeader, "null"), []error{ErrMalformed}},
		{"claims that are not JSON", ours(exchangeHeader, "tasks"), []error{ErrMalformed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := x.Verify(t.Context(), tt.token)
			if err == nil {
				t.Fatal("the token was accepted")
			}
			if claims != nil {
				t.Error("Verify returned claims and an error")
			}
			assertErrors(t, err, tt.want...)
			assertNoToken(t, err.Error(), tt.token)
		})
	}

	for name, token := range map[string]string{"issued by the exchange": exchanged(t, x, fit(nil)).JWT, "signed by the test": good} {
		if claims, err := x.verifier.Verify(t.Context(), token); claims != nil || err == nil {
			t.Errorf("Verifier.Verify accepted an exchanged token, %s", name)
		} else {
			assertErrors(t, err, ErrAlgorithm)
		}
	}
}

// A claim cannot change what kind of token contains it.
func TestExchangedIsNotReadFromClaims(t *testing.T) {
	claims, err := newExchange(t).Verify(t.Context(), fit(object{"Exchanged": true, "exchanged": true}))
	if err != nil || claims.Exchanged {
		t.Errorf("Verify = %+v, %v; want claims that are not Exchanged", claims, err)
	}
}

// FuzzExchange passes any text to an exchange with an unknown key: as a whole token, after a valid header, and as a
// payload.
func FuzzExchange(f *testing.F) {
	for _, seed := range []string{"", ".", "..", "e30.e30", "a.b.c", b64(toJSON(exchangeClaims(nil))) + "." + b64(strings.Repeat("s", 32)),
		askForTasks, `{"remoteKey":null}`, `{"remoteKey":"tasks-api","remoteKey":""}`, `{"remoteKey":"tasks-api"}x`} {
		f.Add(seed)
	}
	x, err := NewExchange(newVerifier(f), map[string]string{"tasks-api": testBase})
	if err != nil {
		f.Fatal(err)
	}
	handler := withClaims(x, &Claims{App: App{ID: testApp, InstallationID: testInstallation}})
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range []string{text, exchangePrefix + text} {
			if claims, err := x.Verify(t.Context(), token); err == nil || claims != nil {
				t.Fatalf("accepted %q", token)
			}
		}
		w := exchange(handler, "", text)
		if issued := strings.Contains(w.Body.String(), exchangePrefix); issued != (w.Code == 200) || issued && !strings.Contains(text, "tasks-api") && !strings.Contains(text, `\u`) {
			t.Fatalf("status %d for the body %q, token issued: %v", w.Code, text, issued)
		}
	})
}

// FuzzExchangedClaims signs payloads with the exchange's key. Accepted claims must be for this app and this remote, and
// valid now. They must never be accepted as a FIT's.
func FuzzExchangedClaims(f *testing.F) {
	for _, changes := range []object{nil, {"aud": []string{"forgego/remote/tasks-api"}}, {"aud": testApp}, {"iss": issuer}, {"exp": 1e300}, {"context": nil}} {
		f.Add(toJSON(exchangeClaims(changes)))
	}
	f.Add(toJSON(fitClaims(nil)))
	x := newExchange(f)
	f.Fuzz(func(t *testing.T, payload string) {
		claims, err := x.Verify(t.Context(), signHMAC(testExchangeKey, exchangeHeader, payload))
		if err != nil {
			return
		}
		if r := claims.registered; !claims.Exchanged || r.Issuer != exchangeIssuer || len(r.Audience) != 1 || r.Audience[0] != "forgego/remote/tasks-api" ||
			claims.App.ID != testApp || claims.InstallationID() == "" || !testNow.Before(claims.ExpiresAt.Add(x.verifier.leeway)) {
			t.Errorf("accepted %s", payload)
		}
	})
}
