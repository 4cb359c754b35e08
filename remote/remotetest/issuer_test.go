package remotetest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

const (
	appID    = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"
	otherApp = "ari:cloud:ecosystem::app/c6f1a3b2-1111-4222-8333-944455556666"
)

func TestTokens(t *testing.T) {
	issuer := remotetest.NewIssuer(appID)
	verifier, err := issuer.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		opts []remotetest.TokenOption
		want error
		see  func(*remote.Claims) bool
	}{
		{"no options", nil, nil, func(c *remote.Claims) bool {
			return c.App.ID == appID && c.InstallationID() != "" && c.AccountID() != "" && c.CloudID() != "" && len(c.ID) == 40 &&
				c.ExpiresAt.Sub(c.IssuedAt) == remotetest.Lifetime && c.NotBefore.Equal(c.IssuedAt) && c.App.License == nil
		}},
		{"installation", opts(remotetest.WithInstallation("i-2")), nil, func(c *remote.Claims) bool { return c.InstallationID() == "i-2" }},
		{"account", opts(remotetest.WithAccount("a-2")), nil, func(c *remote.Claims) bool { return c.Principal == "a-2" && c.Context.AccountID == "a-2" }},
		{"no user", opts(remotetest.WithAccount("")), nil, func(c *remote.Claims) bool { return c.AccountID() == "" }},
		{"environment", opts(remotetest.WithEnvironment(remote.Production)), nil, func(c *remote.Claims) bool {
			return c.App.Environment.Type == "PRODUCTION" && c.Context.EnvironmentType == "PRODUCTION"
		}},
		{"license", opts(remotetest.WithLicense(&remote.License{Active: true})), nil, func(c *remote.Claims) bool { return c.App.License.Active }},
		{"a function", opts(func(f *remotetest.FIT) { f.App.Module.Key = "settings"; f.Context = nil }), nil, func(c *remote.Claims) bool {
			return c.App.Module.Key == "settings" && c.Context == nil
		}},
		{"another claim", opts(remotetest.WithClaim("future", 7)), nil, func(c *remote.Claims) bool { return strings.Contains(string(c.Raw), `"future":7`) }},
		{"expired", opts(remotetest.WithExpired()), remote.ErrExpired, nil},
		{"not valid yet", opts(remotetest.WithIssuedAt(time.Now().Add(time.Hour))), remote.ErrNotYetValid, nil},
		{"another app", opts(func(f *remotetest.FIT) { f.App.ID = otherApp }), remote.ErrAudience, nil},
		{"another audience", opts(func(f *remotetest.FIT) { f.Audience = otherApp }), remote.ErrAudience, nil},
		{"another issuer", opts(func(f *remotetest.FIT) { f.Issuer = "me" }), remote.ErrIssuer, nil},
		{"no exp", opts(remotetest.WithClaim("exp", nil)), remote.ErrMalformed, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := verifier.Verify(t.Context(), issuer.Token(tt.opts...))
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v; want %v", err, tt.want)
			}
			if tt.want == nil && !tt.see(claims) {
				t.Errorf("unexpected claims %+v, context %+v", claims, claims.Context)
			}
		})
	}
	if n := issuer.Requests(); n != 1 {
		t.Errorf("%d requests for the key set; want 1", n)
	}
}

func opts(o ...remotetest.TokenOption) []remotetest.TokenOption { return o }

// A verifier accepts only the tokens of its own issuer.
func TestVerifierRefusesOtherIssuer(t *testing.T) {
	verifier, err := remotetest.NewIssuer(appID).Verifier()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), remotetest.NewIssuer(appID).Token()); !errors.Is(err, remote.ErrKey) {
		t.Errorf("error %v; want %v", err, remote.ErrKey)
	}
}

// In a bubble, time passes at once. So a test can let a token expire, rotate and remove keys, and make the key set fail.
func TestIssuerInSynctestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := remotetest.NewIssuer(appID)
		verifier, err := issuer.Verifier()
		if err != nil {
			t.Fatal(err)
		}
		verify := func(token string, want error) {
			t.Helper()
			if _, err := verifier.Verify(t.Context(), token); !errors.Is(err, want) {
				t.Errorf("error %v; want %v", err, want)
			}
		}
		issuer.SetDown(true)
		verify(issuer.Token(), remote.ErrUnavailable)
		issuer.SetDown(false)
		time.Sleep(time.Minute)
		old := issuer.Token(func(f *remotetest.FIT) { f.ExpiresAt = f.ExpiresAt.Add(24 * time.Hour) })
		short := issuer.Token()
		verify(short, nil)
		time.Sleep(time.Minute)
		verify(short, remote.ErrExpired)

		issuer.Rotate()
		verify(old, nil)
		verify(issuer.Token(), nil)
		issuer.Revoke()
		time.Sleep(2 * time.Hour)
		verify(old, nil) // starts a refresh in the background
		synctest.Wait()
		verify(old, remote.ErrKey)
		verify(issuer.Token(), nil)
	})
}

// Handler serves the key set over a network, for a program in another process.
func TestHandler(t *testing.T) {
	issuer := remotetest.NewIssuer(appID)
	server := httptest.NewServer(issuer.Handler())
	defer server.Close()
	verifier, err := remote.New(appID, remote.WithJWKSURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
		t.Error(err)
	}
}

func TestAuthorize(t *testing.T) {
	issuer := remotetest.NewIssuer(appID)
	now := time.Unix(1_800_000_000, 0)
	issuer.SetClock(func() time.Time { return now })
	verifier, err := issuer.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	handler := verifier.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := remote.FromContext(r.Context())
		w.Write([]byte(claims.InstallationID()))
	}))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, issuer.Authorize(httptest.NewRequest("GET", "/", nil), remotetest.WithInstallation("i-3")))
	if w.Code != http.StatusOK || w.Body.String() != "i-3" {
		t.Errorf("status %d, body %s; want 200 and i-3", w.Code, w.Body)
	}
}

func TestConcurrentUse(t *testing.T) {
	issuer := remotetest.NewIssuer(appID)
	verifier, err := issuer.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := verifier.Verify(t.Context(), issuer.Token()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
