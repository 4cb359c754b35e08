package devhost

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

func newRemote(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	remote := httptest.NewServer(handler)
	t.Cleanup(remote.Close)
	return remote.URL
}

// invocationOutput is invocation.Output with a typed payload.
type invocationOutput struct {
	Success bool
	Payload platform.ServiceAnswer
	Error   *apierror.Error
	To      string
}

func invokeFrom(t *testing.T, h *Host, module, input string) invocationOutput {
	t.Helper()
	return invokeBy(t, h, module, "ui-remote-fetch", input)
}

func invokeBy(t *testing.T, h *Host, module, invokeType, input string) (out invocationOutput) {
	t.Helper()
	resp, text := testapp.Ask(t, "POST", h.URL()+"_host/invoke", `{"moduleKey":"`+module+`","invokeType":"`+invokeType+`","input":`+input+`}`,
		"Origin", h.product.Origin, "Content-Type", "application/json")
	if err := json.Unmarshal([]byte(text), &out); err != nil || resp.StatusCode != 200 {
		t.Fatalf("got %s: %s", resp.Status, text)
	}
	return out
}

func TestInvoke(t *testing.T) {
	var got http.Header
	remote := newRemote(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.WriteHeader(201)
		w.Write([]byte(`{"path":"` + r.URL.Path + `"}`))
	})
	h := startHost(t, testapp.Manifest(t), settings{tokenLifetime: time.Hour, remoteURLs: map[string]string{"tasks-api": remote + "/base"}})
	out := invokeFrom(t, h, "panel", `{"path":"/t","method":"POST","headers":{"x-source":"a"},"body":{"a":1},"invokeType":"ui-remote-fetch"}`)
	if !out.Success || out.Payload.Status != 201 || string(out.Payload.Body) != `{"path":"/t"}` || out.To != "tasks-api" {
		t.Fatalf("got %+v", out)
	}
	_, claims := verify(t, h, strings.TrimPrefix(got.Get("Authorization"), "Bearer "))
	if claims["principal"] != session(t, h, "").Account.ID {
		t.Errorf("principal is %v", claims["principal"])
	}
	if lifetime := claims["exp"].(float64) - claims["iat"].(float64); lifetime != 25 {
		t.Errorf("the token is valid for %v s, want 25", lifetime)
	}
}

func TestInvokeOAuthTokens(t *testing.T) {
	var got http.Header
	remote := newRemote(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header })
	for _, c := range []struct {
		name         string
		endpoint     manifest.Endpoint
		scopes       []string
		system, user bool
	}{
		{"both", manifest.Endpoint{SystemToken: true, UserToken: true}, []string{"read:jira-work"}, true, true},
		{"none", manifest.Endpoint{}, []string{"read:jira-work"}, false, false},
		{"system", manifest.Endpoint{SystemToken: true}, []string{"read:jira-work"}, true, false},
		{"user without a user scope", manifest.Endpoint{SystemToken: true, UserToken: true},
			[]string{"read:app-user-token", "read:app-system-token", "storage:app"}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testapp.Manifest(t)
			c.endpoint.Key, c.endpoint.Remote = "tasks", "tasks-api"
			m.Endpoints, m.Scopes = []manifest.Endpoint{c.endpoint}, c.scopes
			h := startHost(t, m, settings{remoteURLs: map[string]string{"tasks-api": remote}})
			if out := invokeFrom(t, h, "panel", `{"path":"/","method":"GET"}`); !out.Success {
				t.Fatalf("got %+v", out.Error)
			}
			system, user := got.Get("X-Forge-Oauth-System"), got.Get("X-Forge-Oauth-User")
			if (system != "") != c.system || (user != "") != c.user || system != "" && system == user {
				t.Errorf("system token %q, user token %q; want them present: %v, %v", system, user, c.system, c.user)
			}
		})
	}
}

func TestInvokeFails(t *testing.T) {
	slow := newRemote(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	h := startHost(t, testapp.Manifest(t), settings{invokeTimeout: 50 * time.Millisecond, remoteURLs: map[string]string{"tasks-api": slow}})
	for _, c := range []struct{ name, module, input, code, message string }{
		{"slow", "panel", `{"path":"/","method":"GET"}`, "REMOTE_TIMEOUT", "Remote invocation timed out after 0.05 seconds"},
		{"no endpoint", "macro", `{"path":"/","method":"GET"}`, "NO_ENDPOINT", "The module macro has no resolver.endpoint in manifest.yml, so invokeRemote does not know its remote."},
		{"method", "panel", `{"path":"/","method":"HEAD"}`, "INVALID_REQUEST", `The method is "HEAD"; invokeRemote takes GET, POST, PUT, PATCH, DELETE.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := invokeFrom(t, h, c.module, c.input)
			if out.Success || out.Error == nil || out.Error.Code != c.code || out.Error.Message != c.message {
				t.Errorf("got %+v", out.Error)
			}
		})
	}
}

func TestContext(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	_, text := testapp.Ask(t, "POST", h.URL()+"_host/context", `{"moduleKey":"panel"}`, "Origin", h.product.Origin, "Content-Type", "application/json")
	var got installation.Context
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.ModuleKey != "panel" || got.AccountID != session(t, h, "").Account.ID || got.Extension["type"] != "jira:issuePanel" || got.Extension["issue"] == nil {
		t.Errorf("the context is %s", text)
	}
	if strings.Contains(text, "license") {
		t.Error("the context has a license, which a development environment does not have")
	}
}

func TestBitbucketContext(t *testing.T) {
	m := testapp.Manifest(t)
	m.Modules = []manifest.Module{{Type: "bitbucket:repoMainMenuPage", Key: "page", Views: []manifest.View{{Resource: "main"}}}}
	h, err := newHost(m, settings{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	c := token.NewClaims(session(t, h, ""), m.Modules[0], "", time.Now(), time.Second, "")
	if c.Context.WorkspaceID == "" || c.Context.CloudID != "" || c.App.Installation.Contexts[0].WorkspaceID != c.Context.WorkspaceID {
		t.Errorf("got %+v", c)
	}
}
