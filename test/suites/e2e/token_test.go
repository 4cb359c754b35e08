package e2e

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWhatReachesTheBackend checks that requests on both ways bring a valid token and the other data that the platform
// sends, and nothing else.
func TestWhatReachesTheBackend(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	for _, way := range ways {
		a.Add("By "+way, way)
	}
	posts := w.recorder.of("POST")
	if len(posts) != 2 {
		t.Fatalf("%d tasks were sent, want 2", len(posts))
	}
	keys := keySet(t, w.host.url+".well-known/jwks.json")

	t.Run("requestRemote", func(t *testing.T) {
		header := posts[0].header
		claims := verify(t, keys, header.Get("Authorization"))
		w.wantClaims(t, claims)
		if _, ok := claims["principal"]; ok {
			t.Error("the token of requestRemote has a principal")
		}
		for name := range header {
			if strings.HasPrefix(name, "X-B3-") || strings.HasPrefix(name, "X-Forge-") {
				t.Errorf("requestRemote sends %s", name)
			}
		}
		// The product page made the request with CORS and sent no cookies.
		if got := header.Get("Origin"); got != w.host.origin() {
			t.Errorf("the request comes from %q, want the product page %q", got, w.host.origin())
		}
		if header.Get("Cookie") != "" {
			t.Error("the request has cookies")
		}
	})

	t.Run("CORS preflight", func(t *testing.T) {
		i := slices.IndexFunc(w.recorder.of("OPTIONS"), func(q request) bool { return q.header.Get("Access-Control-Request-Method") == "POST" })
		if i < 0 {
			t.Fatalf("there is none among %v", w.recorder.of("OPTIONS"))
		}
		header := w.recorder.of("OPTIONS")[i].header
		if header.Get("Authorization") != "" || header.Get("Origin") != w.host.origin() {
			t.Errorf("it is %v", header)
		}
		asked := strings.Split(header.Get("Access-Control-Request-Headers"), ",")
		if want := []string{"authorization", "content-type", "idempotency-key"}; !slices.Equal(asked, want) {
			t.Errorf("it asks for %q, want %q", asked, want)
		}
	})

	t.Run("invokeRemote", func(t *testing.T) {
		header := posts[1].header
		claims := verify(t, keys, header.Get("Authorization"))
		w.wantClaims(t, claims)
		inContext, _ := claims["context"].(map[string]any)
		if principal, _ := claims["principal"].(string); principal == "" || principal != inContext["accountId"] {
			t.Errorf("the principal is %v, and the account in the context %v", claims["principal"], inContext["accountId"])
		}
		for name, pattern := range map[string]string{
			"X-B3-Traceid":         `^[0-9a-f]{16}([0-9a-f]{16})?$`,
			"X-B3-Spanid":          `^[0-9a-f]{16}$`,
			"X-Forge-Oauth-System": `^\S+$`,
			"X-Forge-Oauth-User":   `^\S+$`,
		} {
			if got := header.Get(name); !regexp.MustCompile(pattern).MatchString(got) {
				t.Errorf("%s is %q", name, got)
			}
		}
		if got := header.Get("Origin"); got != "" {
			t.Errorf("the request comes from a page: %s", got)
		}
	})

	t.Run("no token where it can be seen", func(t *testing.T) { w.noSecrets(a) })
	a.Page.Quiet()
}

// wantClaims checks the claims that are the same on both ways.
func (w *world) wantClaims(t *testing.T, claims map[string]any) {
	t.Helper()
	if claims["iss"] != "forge/invocation-token" || claims["aud"] != w.manifest.AppID {
		t.Errorf("issuer %v, audience %v", claims["iss"], claims["aud"])
	}
	issued, _ := claims["iat"].(float64)
	notBefore, _ := claims["nbf"].(float64)
	expires, _ := claims["exp"].(float64)
	if issued == 0 || notBefore != issued || expires-issued != 25 {
		t.Errorf("issued at %v, not before %v, expires at %v; want 25 seconds", issued, notBefore, expires)
	}
	if id, _ := claims["jti"].(string); !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(id) {
		t.Errorf("its id is %v", claims["jti"])
	}
	if _, ok := claims["sub"]; ok {
		t.Error("it has a subject")
	}
	app, _ := claims["app"].(map[string]any)
	installation, _ := app["installation"].(map[string]any)
	module, _ := app["module"].(map[string]any)
	if app["id"] != w.manifest.AppID || module["key"] != "tasks-panel" || module["type"] != "jira:issuePanel" {
		t.Errorf("the app is %v, its module %v", app["id"], module)
	}
	id, _ := app["installationId"].(string)
	if !strings.HasPrefix(id, "ari:cloud:ecosystem::installation/") || installation["id"] != id {
		t.Errorf("the installations are %v and %v", app["installationId"], installation["id"])
	}
}

// keySet fetches a JWKS and returns its keys by id.
func keySet(t *testing.T, address string) map[string]*rsa.PublicKey {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var set struct {
		Keys []map[string]string
	}
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		t.Fatal(err)
	}
	keys := map[string]*rsa.PublicKey{}
	for _, k := range set.Keys {
		if k["kty"] != "RSA" || k["d"] != "" {
			t.Fatalf("the key set has a %s key, private: %v", k["kty"], k["d"] != "")
		}
		keys[k["kid"]] = &rsa.PublicKey{N: number(t, k["n"]), E: int(number(t, k["e"]).Int64())}
	}
	return keys
}

// verify checks the signature of a bearer token with the standard library only, and returns its claims.
func verify(t *testing.T, keys map[string]*rsa.PublicKey, authorization string) map[string]any {
	t.Helper()
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		t.Fatal("there is no bearer token")
	}
	var head struct{ Alg, Kid string }
	if err := json.Unmarshal(decode(t, parts[0]), &head); err != nil {
		t.Fatal(err)
	}
	if head.Alg != "RS256" || !strings.HasPrefix(head.Kid, "forge/invocation-token/") || keys[head.Kid] == nil {
		t.Fatalf("the token is signed by %s with the key %s; the key set has %v", head.Alg, head.Kid, keys)
	}
	if bits := keys[head.Kid].N.BitLen(); bits != 2048 {
		t.Errorf("the key has %d bits", bits)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(keys[head.Kid], crypto.SHA256, sum[:], decode(t, parts[2])); err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(decode(t, parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func number(t *testing.T, text string) *big.Int {
	t.Helper()
	return new(big.Int).SetBytes(decode(t, text))
}

func decode(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
