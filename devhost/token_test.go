package devhost

import (
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/remote"
)

// verify verifies a token with the host's key set, as a remote does. It returns the token's header and claims.
func verify(t *testing.T, h *Host, token string) (jose.Header, map[string]any) {
	t.Helper()
	resp, text := testapp.Ask(t, "GET", h.JWKSURL(), "")
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(text), &set); err != nil || resp.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("key set: %v", err)
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	keys := set.Key(parsed.Headers[0].KeyID)
	if len(keys) != 1 || !keys[0].IsPublic() || keys[0].Use != "sig" || keys[0].Algorithm != "RS256" {
		t.Fatalf("the key set has %d public RS256 keys with the id %s, want 1", len(keys), parsed.Headers[0].KeyID)
	}
	var claims map[string]any
	if err := parsed.Claims(keys[0], &claims); err != nil {
		t.Fatal(err)
	}
	return parsed.Headers[0], claims
}

func mint(t *testing.T, h *Host, module string) tokenOutput {
	t.Helper()
	resp, text := testapp.Ask(t, "POST", h.URL()+"_host/token", `{"moduleKey":"`+module+`","remoteKey":"tasks-api"}`,
		"Origin", h.product.Origin, "Content-Type", "application/json")
	var out tokenOutput
	if err := json.Unmarshal([]byte(text), &out); err != nil || out.JWT == "" {
		t.Fatalf("got %s: %s", resp.Status, text)
	}
	if resp.Header.Get("Cache-Control") != "no-store" {
		t.Error("Cache-Control of the token's response is not no-store")
	}
	return out
}

func TestRequestRemoteToken(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{tokenLifetime: 90 * time.Second})
	out := mint(t, h, "macro")
	header, claims := verify(t, h, out.JWT)
	if !regexp.MustCompile(`^forge/invocation-token/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(header.KeyID) {
		t.Errorf("kid is %s, want forge/invocation-token/ and a UUID", header.KeyID)
	}
	i := session(t, h, "")
	cloud := "https://api.atlassian.com/ex/"
	for name, want := range map[string]any{
		"iss": "forge/invocation-token",
		"aud": testapp.ID,
		"app": map[string]any{
			"id": testapp.ID, "version": "1", "appVersion": "1.0.0",
			"installationId": i.InstallationID,
			"apiBaseUrl":     cloud + "confluence/" + i.CloudID,
			"environment":    map[string]any{"type": "DEVELOPMENT", "id": i.EnvironmentID},
			"module":         map[string]any{"type": "xen:macro", "key": "macro"},
			"installation": map[string]any{"id": i.InstallationID, "contexts": []any{
				map[string]any{"name": "jira", "apiBaseUrl": cloud + "jira/" + i.CloudID, "cloudId": i.CloudID},
				map[string]any{"name": "confluence", "apiBaseUrl": cloud + "confluence/" + i.CloudID, "cloudId": i.CloudID},
			}},
		},
		"context": map[string]any{
			"accountId": i.Account.ID, "cloudId": i.CloudID, "environmentId": i.EnvironmentUUID, "environmentType": "DEVELOPMENT",
			"localId": i.Context(manifest.Module{Key: "macro", Type: "macro"}, "").LocalID, "moduleKey": "macro", "siteUrl": h.product.Origin,
			"extension": map[string]any{
				"type": "macro", "location": h.product.Origin + "/?module=macro", "isEditing": false, "references": []any{}, "config": map[string]any{},
				"content": map[string]any{"id": "98305", "type": "page", "subtype": nil}, "space": map[string]any{"id": "65538", "key": "DEMO"},
			},
		},
	} {
		if !reflect.DeepEqual(claims[name], want) {
			t.Errorf("%s is %v; want %v", name, claims[name], want)
		}
	}
	for _, name := range []string{"principal", "sub", "icLabel"} {
		if value, there := claims[name]; there {
			t.Errorf("unexpected claim %s: %v", name, value)
		}
	}
	issued, expires := claims["iat"].(float64), claims["exp"].(float64)
	if claims["nbf"] != issued || expires-issued != 90 {
		t.Errorf("iat %v, nbf %v, exp %v", claims["iat"], claims["nbf"], claims["exp"])
	}
	if out.ExpiresAt != strconv.FormatInt(int64(expires)*1000, 10) {
		t.Errorf("expiresAt is %s, exp %v", out.ExpiresAt, expires)
	}
	if out.BaseURL != "https://tasks.example.com/api" {
		t.Errorf("baseUrl is %s", out.BaseURL)
	}
	if id, _ := claims["jti"].(string); !regexp.MustCompile("^[0-9a-f]{40}$").MatchString(id) {
		t.Errorf("jti is %s", id)
	}
	if _, other := verify(t, h, mint(t, h, "macro").JWT); other["jti"] == claims["jti"] {
		t.Error("two tokens have the same jti")
	}
}

func TestTokenDefaultLifetime(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	_, claims := verify(t, h, mint(t, h, "panel").JWT)
	if lifetime := claims["exp"].(float64) - claims["iat"].(float64); lifetime != 25 {
		t.Errorf("the token is valid for %v s, want 25", lifetime)
	}
}

func TestTokenUnknownKeys(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	for _, c := range []struct{ name, input, code, says string }{
		{"remote", `{"moduleKey":"panel","remoteKey":"nope"}`, "UNKNOWN_REMOTE", "tasks-api"},
		{"module", `{"moduleKey":"nope","remoteKey":"tasks-api"}`, "UNKNOWN_MODULE", "panel, macro"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, text := testapp.Ask(t, "POST", h.URL()+"_host/token", c.input, "Origin", h.product.Origin, "Content-Type", "application/json")
			if !strings.Contains(text, c.code) || !strings.Contains(text, c.says) || strings.Contains(text, "jwt") {
				t.Errorf("got %s; want the code %s and %q", text, c.code, c.says)
			}
		})
	}
}

func TestSetRemoteURL(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	if err := h.SetRemoteURL("tasks-api", "http://127.0.0.1:8787/"); err != nil {
		t.Fatal(err)
	}
	if base := mint(t, h, "panel").BaseURL; base != "http://127.0.0.1:8787" {
		t.Errorf("baseUrl is %s", base)
	}
	resp, _ := testapp.Ask(t, "GET", h.URL(), "")
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, " http://127.0.0.1:8787; base-uri") {
		t.Errorf("the policy of the product's page does not allow the new URL: %s", policy)
	}
}

func TestKeysDiffer(t *testing.T) {
	h, other := startHost(t, testapp.Manifest(t), settings{}), startHost(t, testapp.Manifest(t), settings{})
	v, err := remote.New(testapp.ID, remote.WithJWKSURL(other.JWKSURL()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), mint(t, h, "panel").JWT); !errors.Is(err, remote.ErrKey) {
		t.Errorf("a remote that trusts another host: got %v, want %v", err, remote.ErrKey)
	}
}
