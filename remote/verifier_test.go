package remote

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	for _, tt := range []struct {
		name string
		app  string
		opt  Option
		want string // part of the error; empty if New must succeed
	}{
		{"defaults", testApp, WithLeeway(DefaultLeeway), ""},
		{"loopback key set", testApp, WithJWKSURL("http://127.0.0.1:8080/.well-known/jwks.json"), ""},
		{"localhost key set", testApp, WithJWKSURL("http://localhost:8080/jwks"), ""},
		{"IPv6 loopback key set", testApp, WithJWKSURL("http://[::1]:8080/jwks"), ""},
		{"no app", "", WithLeeway(0), "app id"},
		{"bare uuid", "0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10", WithLeeway(0), "app id"},
		{"installation as app", testInstallation, WithLeeway(0), "app id"},
		{"app with line break", testApp + "\n", WithLeeway(0), "app id"},
		{"key set over http", testApp, WithJWKSURL("http://keys.example.com/jwks"), "https"},
		{"key set on a host with the prefix 127.0.0.1", testApp, WithJWKSURL("http://127.0.0.1.example.com/jwks"), "https"},
		{"key set from a file", testApp, WithJWKSURL("file:///etc/jwks"), "does not begin with"},
		{"key set without host", testApp, WithJWKSURL("/jwks"), "does not begin with"},
		{"key set with password", testApp, WithJWKSURL("https://a:b@keys.example.com/"), "user name or a password"},
		{"leeway below zero", testApp, WithLeeway(-time.Second), "leeway"},
		{"leeway of an hour", testApp, WithLeeway(time.Hour), "leeway"},
		{"no clock", testApp, WithClock(nil), "nil"},
		{"no client", testApp, WithHTTPClient(nil), "nil"},
		{"no logger", testApp, WithLogger(nil), "nil"},
		{"several apps", testApp, WithApps(otherApp), ""},
		{"an invalid app id", testApp, WithApps("tasks"), "app id"},
		{"environments", testApp, WithEnvironments(Production, Staging, "ari:cloud:ecosystem::environment/a/b"), ""},
		{"an environment in lower case", testApp, WithEnvironments("production"), "environment"},
		{"an environment without a name", testApp, WithEnvironments("ari:cloud:ecosystem::environment/"), "environment"},
		{"Atlassian's staging keys", testApp, WithJWKSURL(StagingJWKSURL), ""},
		{"clouds by subdomain", testApp, WithIsolatedClouds("https://keys.{IC_LABEL}.example.com/jwks.json"), ""},
		{"clouds by part of a subdomain", testApp, WithIsolatedClouds("https://keys-{IC_LABEL}-1.example.com/jwks.json"), ""},
		{"clouds by path", testApp, WithIsolatedClouds("https://keys.example.com/{IC_LABEL}.json"), ""},
		{"clouds by their own domain, with labels", testApp, WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json", "orange"), ""},
		{"clouds by their own domain", testApp, WithIsolatedClouds("https://keys.{IC_LABEL}.net/jwks.json"), "choose the domain"},
		{"clouds by part of a domain", testApp, WithIsolatedClouds("https://keys-{IC_LABEL}.net/jwks.json"), "choose the domain"},
		{"clouds by the whole host", testApp, WithIsolatedClouds("https://{IC_LABEL}/jwks.json"), "choose the domain"},
		{"clouds by the last domain", testApp, WithIsolatedClouds("https://a.b.c.{IC_LABEL}/jwks.json"), "choose the domain"},
		{"clouds without a label", testApp, WithIsolatedClouds("https://keys.example.com/jwks.json"), "{IC_LABEL}"},
		{"clouds over http", testApp, WithIsolatedClouds("http://keys.{IC_LABEL}.example.com/jwks.json"), "https"},
		{"clouds by scheme", testApp, WithIsolatedClouds("{IC_LABEL}://keys.example.com/jwks.json"), "https"},
		{"clouds by user name", testApp, WithIsolatedClouds("https://{IC_LABEL}@keys.example.com/jwks.json"), "user name"},
		{"clouds by port", testApp, WithIsolatedClouds("https://keys.example.com:{IC_LABEL}/jwks.json"), "template"},
		{"clouds with a label that is a path", testApp, WithIsolatedClouds("https://keys.{IC_LABEL}.net/", "../x"), "label"},
		{"header with a space", testApp, WithAllowedHeaders("x source"), "header"},
		{"header with a line break", testApp, WithExposedHeaders("x\r\ny"), "header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := New(tt.app, tt.opt)
			if tt.want == "" {
				if err != nil || v == nil {
					t.Fatalf("New = %v, %v; want a verifier", v, err)
				}
				return
			}
			if v != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("New = %v, %v; want an error that contains %q", v, err, tt.want)
			}
		})
	}
}

func TestVerifyAccepts(t *testing.T) {
	now := testNow.Unix()
	for _, tt := range []struct {
		name    string
		changes object
	}{
		{"a FIT as documented", nil},
		{"aud as a list of one", object{"aud": []string{testApp}}},
		{"expired within the leeway", object{"exp": now - 4}},
		{"nbf and iat ahead within the leeway", object{"nbf": now + 5, "iat": now + 5}},
		{"dates with a fraction", object{"iat": float64(now) - 0.5, "exp": float64(now) + 0.5}},
		{"no nbf and no iat", object{"nbf": nil, "iat": nil}},
		{"no context and no principal", object{"context": nil, "principal": nil}},
		{"only the older installation id", object{"app": fitApp(object{"installation": nil})}},
		{"only the newer installation id", object{"app": fitApp(object{"installationId": nil})}},
		{"unknown claims", object{"future": object{"deep": []int{1}}}},
		{"a license with dates of any form", object{"app": fitApp(object{"license": object{"active": true, "trialEndDate": "soon", "supportEntitlementNumber": nil}})}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := newVerifier(t).Verify(t.Context(), fit(tt.changes))
			if err != nil {
				t.Fatal(err)
			}
			if got := claims.InstallationID(); got != testInstallation {
				t.Errorf("InstallationID = %q; want %q", got, testInstallation)
			}
		})
	}
}

func TestVerifyRefusesClaims(t *testing.T) {
	now := testNow.Unix()
	app := func(changes object) object { return object{"app": fitApp(changes)} }
	for _, tt := range []struct {
		name    string
		changes object
		want    []error
	}{
		{"another issuer", object{"iss": "forge/invocation-token/"}, []error{ErrIssuer}},
		{"issuer in upper case", object{"iss": "FORGE/invocation-token"}, []error{ErrIssuer}},
		{"no issuer", object{"iss": nil}, []error{ErrIssuer}},
		{"issuer under another case", object{"iss": nil, "ISS": "forge/invocation-token"}, []error{ErrIssuer}},
		{"issuer as a list", object{"iss": []string{issuer}}, []error{ErrMalformed}},
		{"another app in aud", object{"aud": otherApp}, []error{ErrAudience}},
		{"another app in app.id", app(object{"id": otherApp}), []error{ErrAudience}},
		{"another app in both", object{"aud": otherApp, "app": fitApp(object{"id": otherApp})}, []error{ErrAudience}},
		{"aud with two apps", object{"aud": []string{testApp, otherApp}}, []error{ErrAudience}},
		{"aud as an empty list", object{"aud": []string{}}, []error{ErrAudience}},
		{"no aud", object{"aud": nil}, []error{ErrAudience}},
		{"aud as a number", object{"aud": 7}, []error{ErrMalformed}},
		{"aud as a list with a number", object{"aud": []any{testApp, 7}}, []error{ErrMalformed}},
		{"aud with the app as a prefix", object{"aud": testApp + "0"}, []error{ErrAudience}},
		{"no app", object{"app": nil}, []error{ErrAudience, ErrInstallation}},
		{"app as a text", object{"app": testApp}, []error{ErrMalformed}},
		{"installation ids that differ", app(object{"installationId": testInstallation + "0"}), []error{ErrInstallation}},
		{"no installation id", app(object{"installationId": nil, "installation": nil}), []error{ErrInstallation}},
		{"installation id as a number", app(object{"installationId": 7}), []error{ErrMalformed}},
		{"expired", object{"exp": now - 5}, []error{ErrExpired}},
		{"expired long ago", object{"exp": 0}, []error{ErrExpired}},
		{"no exp", object{"exp": nil}, []error{ErrMalformed}},
		{"exp in milliseconds", object{"exp": (now + 25) * 1000}, []error{ErrMalformed}},
		{"exp below zero", object{"exp": -1}, []error{ErrMalformed}},
		{"exp of 2^63", object{"exp": 1 << 63 * 1.0}, []error{ErrMalformed}},
		{"exp as a text", object{"exp": "1800000025"}, []error{ErrMalformed}},
		{"exp as true", object{"exp": true}, []error{ErrMalformed}},
		{"not valid yet", object{"nbf": now + 6}, []error{ErrNotYetValid}},
		{"issued in the future", object{"iat": now + 6}, []error{ErrNotYetValid}},
		{"nbf as a text", object{"nbf": "now"}, []error{ErrMalformed}},
		{"an isolated cloud's label", object{"icLabel": "orange"}, []error{ErrIsolatedCloud}},
		{"label that is a path", object{"icLabel": "a/../b"}, []error{ErrMalformed}},
		{"label with a line break", object{"icLabel": "orange\n"}, []error{ErrMalformed}},
		{"principal as an object", object{"principal": object{"id": 1}}, []error{ErrMalformed}},
		{"context as a list", object{"context": []int{}}, []error{ErrMalformed}},
		{"everything wrong at once", object{"iss": "x", "aud": "y", "exp": now - 60, "nbf": now + 60}, []error{ErrIssuer, ErrAudience, ErrExpired, ErrNotYetValid}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := newVerifier(t).Verify(t.Context(), fit(tt.changes))
			if claims != nil {
				t.Error("Verify returned claims and an error")
			}
			assertErrors(t, err, tt.want...)
		})
	}
}

func TestWithApps(t *testing.T) {
	v := newVerifier(t, WithApps(otherApp))
	of := func(aud, id string) error {
		_, err := v.Verify(t.Context(), fit(object{"aud": aud, "app": fitApp(object{"id": id})}))
		return err
	}
	for _, app := range []string{testApp, otherApp} {
		if err := of(app, app); err != nil {
			t.Errorf("a FIT of %s: %v", app, err)
		}
	}
	// The backend belongs to each of these apps, but a token must not name both.
	assertErrors(t, of(testApp, otherApp), ErrAudience)
	assertErrors(t, of(otherApp, testApp), ErrAudience)
	assertErrors(t, of(testApp+"0", testApp+"0"), ErrAudience)
}

func TestWithEnvironments(t *testing.T) {
	const one = "ari:cloud:ecosystem::environment/a/b"
	of := func(v *Verifier, kind, id any) error {
		_, err := v.Verify(t.Context(), fit(object{"app": fitApp(object{"environment": object{"type": kind, "id": id}})}))
		return err
	}
	for _, tt := range []struct {
		name     string
		allowed  []string
		kind, id string
		want     error
	}{
		{"no limit", nil, Development, one, nil},
		{"no limit and an unknown environment", nil, "CANARY", one, nil},
		{"production only", []string{Production}, Production, one, nil},
		{"development where only production is allowed", []string{Production}, Development, one, ErrEnvironment},
		{"in lower case", []string{Production}, "production", one, ErrEnvironment},
		{"none", []string{Production}, "", "", ErrEnvironment},
		{"one of two", []string{Production, Staging}, Staging, one, nil},
		{"by id", []string{Production, one}, Development, one, nil},
		{"by another id", []string{one}, Development, one + "c", ErrEnvironment},
		{"a type that is an id", []string{one}, one + "/", "x", ErrEnvironment},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := of(newVerifier(t, WithEnvironments(tt.allowed...)), tt.kind, tt.id)
			if tt.want == nil && err != nil {
				t.Error(err)
			}
			if tt.want != nil {
				assertErrors(t, err, tt.want)
			}
		})
	}
}

func TestWithLeeway(t *testing.T) {
	late := fit(object{"exp": testNow.Unix() - 3})
	if _, err := newVerifier(t).Verify(t.Context(), late); err != nil {
		t.Errorf("a token that expired 3 s ago, with the default leeway: %v", err)
	}
	_, err := newVerifier(t, WithLeeway(0)).Verify(t.Context(), late)
	assertErrors(t, err, ErrExpired)
}

// Without the option, the verifier uses the machine's clock.
func TestDefaultClock(t *testing.T) {
	v, err := New(testApp, serving(jwks(jwk(testKID, testKey(), nil))))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix()
	if _, err := v.Verify(t.Context(), fit(object{"iat": now, "nbf": now, "exp": now + 25})); err != nil {
		t.Error(err)
	}
	_, err = v.Verify(t.Context(), fit(object{"iat": now - 3600, "nbf": now - 3600, "exp": now - 3575}))
	assertErrors(t, err, ErrExpired)
}

// assertErrors checks that err matches each of want and no other sentinel.
func assertErrors(t *testing.T, err error, want ...error) {
	t.Helper()
	for _, sentinel := range []error{
		ErrMalformed, ErrAlgorithm, ErrKey, ErrSignature, ErrIssuer, ErrAudience, ErrInstallation, ErrEnvironment, ErrIsolatedCloud,
		ErrExpired, ErrNotYetValid, ErrReplayed, ErrReplaysFull, ErrUnavailable,
	} {
		wanted := false
		for _, w := range want {
			wanted = wanted || w == sentinel
		}
		if errors.Is(err, sentinel) != wanted {
			t.Errorf("errors.Is(%v, %q) = %v; want %v", err, sentinel, !wanted, wanted)
		}
	}
}
