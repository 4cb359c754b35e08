package remote

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	testApp          = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"
	otherApp         = "ari:cloud:ecosystem::app/c6f1a3b2-1111-4222-8333-944455556666"
	testInstallation = "ari:cloud:ecosystem::installation/5d1c7e90-2b7a-4a7d-9c55-0f0e0d0c0b0a"
	testKID          = "forge/invocation-token/1"
)

var (
	testNow  = time.Unix(1_800_000_000, 0)
	testKey  = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	otherKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	weakKey  = sync.OnceValue(func() *rsa.PrivateKey { return newKey(1024) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

type object = map[string]any

// fitHeader and fitClaims return those of a good FIT, with these changes. A nil value removes a name.
func fitHeader(changes object) object {
	return changed(object{"alg": "RS256", "kid": testKID}, changes)
}

func fitClaims(changes object) object {
	now := testNow.Unix()
	return changed(object{
		"iss": "forge/invocation-token", "aud": testApp, "iat": now, "nbf": now, "exp": now + 25,
		"jti":       "d0c1b2a39485762534435261708f9eadbccbdaf0",
		"principal": "655362:aaaa",
		"app":       fitApp(nil),
		"context": object{
			"cloudId": "cloud-1", "siteUrl": "https://tasks.atlassian.net", "localId": "l-1", "moduleKey": "tasks-panel",
			"environmentId": "e-1", "environmentType": "DEVELOPMENT", "accountId": "655362:bbbb",
			"extension": object{"type": "jira:issuePanel", "issue": object{"key": "TASK-1"}},
		},
	}, changes)
}

func fitApp(changes object) object {
	return changed(object{
		"id": testApp, "version": "2", "appVersion": "2.1.0", "installationId": testInstallation,
		"apiBaseUrl":  "https://api.atlassian.com/ex/jira/cloud-1",
		"environment": object{"type": "DEVELOPMENT", "id": "ari:cloud:ecosystem::environment/a/b"},
		"module":      object{"type": "core:endpoint", "key": "tasks-endpoint"},
		"installation": object{"id": testInstallation, "contexts": []object{
			{"name": "bitbucket", "workspaceId": "w-1"}, {"name": "jira", "cloudId": "cloud-1"},
		}},
	}, changes)
}

func changed(o, changes object) object {
	maps.Copy(o, changes)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == nil })
	return o
}

// fit returns a good FIT with these changes to its claims.
func fit(changes object) string {
	return sign(testKey(), toJSON(fitHeader(nil)), toJSON(fitClaims(changes)))
}

func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// sign returns a token with any header and payload.
func sign(key *rsa.PrivateKey, header, payload string) string {
	return signText(key, b64(header)+"."+b64(payload))
}

// signText signs any two texts, which need not be a header and a payload.
func signText(key *rsa.PrivateKey, input string) string {
	sum := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return input + "." + b64(string(signature))
}

func signHMAC(secret []byte, header, payload string) string {
	input := b64(header) + "." + b64(payload)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(input))
	return input + "." + b64(string(mac.Sum(nil)))
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// jwk returns a public key as in a key set, with these changes.
func jwk(kid string, key *rsa.PrivateKey, changes object) object {
	var o object
	data, err := jose.JSONWebKey{Key: &key.PublicKey, KeyID: kid, Use: "sig", Algorithm: "RS256"}.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		panic(err)
	}
	return changed(o, changes)
}

func jwks(keys ...object) string { return toJSON(object{"keys": keys}) }

// roundTrip is the server of a key set, without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func jsonResponse(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// serving returns an option for a key set that is always available.
func serving(body string) Option {
	return WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return jsonResponse(http.StatusOK, body), nil
	})})
}

// clock is a clock that changes only when a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newVerifier returns a verifier for testApp at testNow. Its key set has testKey, and it logs nothing.
func newVerifier(t testing.TB, opts ...Option) *Verifier {
	t.Helper()
	v, err := New(testApp, append([]Option{
		WithClock(func() time.Time { return testNow }),
		WithLogger(slog.New(slog.DiscardHandler)),
		serving(jwks(jwk(testKID, testKey(), nil))),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
