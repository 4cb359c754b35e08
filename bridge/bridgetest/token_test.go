package bridgetest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/remote/remotetest"
)

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t, bridgetest.WithTokenLifetime(time.Minute))
		var tokens []string
		host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			tokens = append(tokens, r.Header.Get("Authorization"))
		}))
		call := func() string {
			t.Helper()
			if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "tasks-api", bridge.Request{Path: "/"}); err != nil {
				t.Fatal(err)
			}
			return tokens[len(tokens)-1]
		}
		first := call()
		time.Sleep(57 * time.Second)
		if call() != first {
			t.Error("the page did not keep its token")
		}
		time.Sleep(time.Second)
		second := call()
		if second == first {
			t.Error("the page used its token until it expired")
		}
		host.SetClaims(remotetest.WithAccount("another"))
		third := call()
		if third == second {
			t.Error("the page kept a token with other claims")
		}
		verifier := host.Verifier()
		claims, err := verifier.Verify(t.Context(), strings.TrimPrefix(third, "Bearer "))
		if err != nil || claims.Context.AccountID != "another" || claims.Principal != "" || claims.ExpiresAt.Sub(claims.IssuedAt) != time.Minute {
			t.Errorf("the token says %+v (%v)", claims, err)
		}
	})
}

// The page must not keep a token for an hour longer because the clock was set back, nor use one that expired during
// sleep.
func TestPageTokenAndTheClock(t *testing.T) {
	for name, tt := range map[string]struct{ set, passes time.Duration }{
		"the clock set back":  {-time.Hour, 25 * time.Second},
		"a laptop that slept": {time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				host := bridgetest.NewHost(t)
				var tokens []string
				host.Remote("tasks-api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					tokens = append(tokens, r.Header.Get("Authorization"))
				}))
				call := func() {
					t.Helper()
					if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), host.Client()), "tasks-api", bridge.Request{Path: "/"}); err != nil {
						t.Fatal(err)
					}
				}
				call()
				call()
				clock.Move(tt.set)
				defer clock.Move(-tt.set)
				time.Sleep(tt.passes)
				call()
				if tokens[0] != tokens[1] || tokens[1] == tokens[2] {
					t.Errorf("tokens are the same: %v, %v; want true, false", tokens[0] == tokens[1], tokens[1] == tokens[2])
				}
			})
		})
	}
}

// TestIssuer checks that hosts of one app share their issuer, unless they have their own.
func TestIssuer(t *testing.T) {
	own := remotetest.NewIssuer(bridgetest.DefaultAppID)
	a, b, c := bridgetest.NewHost(t), bridgetest.NewHost(t), bridgetest.NewHost(t, bridgetest.WithIssuer(own))
	if a.Issuer() != b.Issuer() || c.Issuer() != own {
		t.Error("the default issuers differ, or WithIssuer has no effect")
	}
	c.Remote("tasks-api", a.Verifier().Handler(http.HandlerFunc(say)))
	resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), c.Client()), "tasks-api", bridge.Request{Path: "/"})
	if err != nil || resp.Status != 401 {
		t.Errorf("a token of another issuer returns %v (%v)", resp, err)
	}
	if _, err := bridge.InvokeRemote(bridge.NewContext(t.Context(), c.Client()), bridge.Request{Path: "/"}); !errors.Is(err, bridge.ErrUnauthorized) {
		t.Errorf("a token of another issuer returns %v", err)
	}
}

// TestContextMatchesToken checks that getContext and the token describe the same place.
func TestContextMatchesToken(t *testing.T) {
	host := bridgetest.NewHost(t, bridgetest.WithClaims(remotetest.WithAccount("account-1")))
	answer, err := host.Call(t.Context(), bridge.Call{Command: "getContext"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(answer.Payload, &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"accountId": "account-1", "moduleKey": "panel", "siteUrl": "https://example.atlassian.net", "locale": "en-US", "timezone": "UTC",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %s", name, got[name], want)
		}
	}
	if _, ok := got["workspaceId"]; ok {
		t.Error("there is a workspaceId, which Jira does not have")
	}
}
