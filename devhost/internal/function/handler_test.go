package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/kvs"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/functions"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/testlog"
)

// handler is an app's code, as a function of Go.
type handler func(ctx context.Context, c functions.Call) (json.RawMessage, error)

func (h handler) Call(ctx context.Context, c functions.Call) (json.RawMessage, error) {
	return h(ctx, c)
}

// newRunner returns a caller for an app with a handler, which Go code stands in for.
func newRunner(t *testing.T, dev string, h handler) *Caller {
	t.Helper()
	c := newCaller(t, dev, "me.json", `{"name":"me"}`)
	c.Manifest.Modules[0].Views[0].Function = "resolver"
	c.Manifest.Functions = []manifest.Function{{Key: "resolver", Handler: "index.handler", File: "src/index.js", Export: "handler"}}
	c.Manifest.Remotes = append(c.Manifest.Remotes, manifest.Remote{Key: "files", BaseURL: "https://files.example.com"})
	c.Runner = h
	c.Products = &productdata.Data{Dir: c.Dir, Client: http.DefaultClient, Log: slog.New(slog.DiscardHandler)}
	c.Values = &kvs.Store{}
	c.Permissions = func(site int) map[string]any { return map[string]any{"scopes": []string{fmt.Sprint("site ", site)}} }
	c.AllowsBackend = func(site int, address string, baseURL func(string) string) bool {
		return address == fmt.Sprintf("https://site-%d.example.com/", site) || strings.HasPrefix(address, baseURL("files"))
	}
	return c
}

// asks returns a handler that asks the platform for something, and returns the body of the answer.
func asks(r functions.Request) handler {
	return func(ctx context.Context, c functions.Call) (json.RawMessage, error) {
		out, err := c.Fetch(ctx, r)
		if err != nil {
			return nil, err
		}
		if len(out.Body) == 0 {
			return json.RawMessage(fmt.Sprint(out.Status)), nil
		}
		return out.Body, nil
	}
}

func request(kind, remote, method, path, body string) (r functions.Request) {
	r.Options.Type, r.Options.Remote, r.Options.Provider = kind, remote, "app"
	r.Method, r.Path, r.Body = method, path, []byte(body)
	return r
}

// A handler gets what @forge/resolver expects.
func TestResolve(t *testing.T) {
	var got functions.Call
	c := newRunner(t, "", func(ctx context.Context, c functions.Call) (json.RawMessage, error) {
		got = c
		return json.RawMessage(` {"a":1} `), nil
	})
	s := sessionOf(t, c.Manifest, "2", "2")
	s.Site.License = map[string]any{"active": true, "type": "COMMERCIAL"}
	out, err := c.Call(t.Context(), s, Input{ModuleKey: "panel", Function: "say", Payload: json.RawMessage(`{"n":1}`)})
	if err != nil || string(out.Result) != `{"a":1}` || out.From != "src/index.js" {
		t.Fatalf("got %+v, %v", out, err)
	}
	text, err := json.Marshal(map[string]any{"arguments": got.Arguments, "runtime": got.Runtime})
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Arguments [2]struct {
			Call    struct{ FunctionKey, Payload any }
			Context struct{ AccountID, ModuleKey, CloudID string }

			InstallContext string
			Principal      struct{ AccountID string }
			License        map[string]any
		}
		Runtime struct {
			AAID       string
			AppContext struct {
				AppID, EnvironmentID, InstallationID, ModuleKey string
				Permissions                                     struct{ Scopes []string }
			}
		}
	}
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatal(err)
	}
	first, second := sent.Arguments[0], sent.Arguments[1]
	if got.Label != "say" || got.Module != "index" || got.Export != "handler" || first.Call.FunctionKey != "say" || fmt.Sprint(first.Call.Payload) != "map[n:1]" {
		t.Errorf("the call is %s", text)
	}
	if first.Context.ModuleKey != "panel" || first.Context.AccountID != s.Account.ID || second.Principal.AccountID != s.Account.ID || sent.Runtime.AAID != s.Account.ID {
		t.Errorf("the account is %s: %s", s.Account.ID, text)
	}
	if second.InstallContext != "ari:cloud:jira::site/"+s.CloudID || second.License["isActive"] != true || second.License["type"] != "COMMERCIAL" {
		t.Errorf("the second argument is %+v", second)
	}
	app := sent.Runtime.AppContext
	if app.AppID != "11111111-2222-4333-8444-555555555555" || app.EnvironmentID != s.EnvironmentUUID || strings.Contains(app.InstallationID, "ari:") || app.ModuleKey != "panel" || app.Permissions.Scopes[0] != "site 2" {
		t.Errorf("the app context is %+v", app)
	}
}

func TestHandlerErrors(t *testing.T) {
	for _, c := range []struct {
		name           string
		thrown         error
		change         func(*Caller)
		code, says     string
		detail, prints string
	}{
		{"thrown", &functions.Error{Name: "TypeError", Message: "no luck", Stack: "TypeError: no luck\n    at src/index.js:1:1"}, nil, "FUNCTION_FAILED", "The function say failed: TypeError: no luck", "src/index.js:1:1", ""},
		{"not running", errors.New("out of order"), nil, "FUNCTION_FAILED", "The function say could not be called: out of order", "", ""},
		{"no Node.js", functions.ErrNoNode, nil, "FUNCTIONS_UNAVAILABLE", "Install Node.js 20 or newer", "", ""},
		{"too late", nil, func(c *Caller) { c.Timeout = time.Millisecond }, "FUNCTION_FAILED", "The function say did not answer within 1ms", "", "say │ The function did not answer within 1ms\n"},
		{"no resolver", nil, func(c *Caller) { c.Manifest.Modules[0].Views[0].Function = "" }, "FUNCTIONS_UNAVAILABLE", "resolver:\n  function: KEY", "", ""},
		{"no function", nil, func(c *Caller) { c.Manifest.Functions = nil }, "FUNCTIONS_UNAVAILABLE", `no function "resolver"`, "", ""},
		{"no file", nil, func(c *Caller) { c.Manifest.Functions[0].File = "" }, "FUNCTIONS_UNAVAILABLE", "src/index.js", "", ""},
		{"nothing runs", nil, func(c *Caller) { c.Runner = nil }, "FUNCTIONS_UNAVAILABLE", "Only forgego dev", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newRunner(t, "functions: run\n", func(ctx context.Context, _ functions.Call) (json.RawMessage, error) {
				if c.thrown == nil {
					<-ctx.Done()
					return nil, context.Cause(ctx)
				}
				return nil, c.thrown
			})
			terminal := &testlog.Log{}
			h.Stderr = terminal
			if c.change != nil {
				c.change(h)
			}
			_, failed := call(t, h, "say", "null")
			if failed.Code != c.code || !strings.Contains(failed.Message, c.says) || !strings.Contains(failed.Detail, c.detail) || terminal.String() != c.prints {
				t.Errorf("got %+v, and in the terminal %q", failed, terminal.String())
			}
		})
	}
}

// What a handler reaches depends on the site and on the page's key.
func TestWhatHandlersReach(t *testing.T) {
	t.Setenv("FUNCTION_TEST_TOKEN", "Basic secret")
	site := newEcho(t)
	dev := fmt.Sprintf("products:\n  jira:\n    fixtures:\n      - request: GET /rest/api/3/myself\n        file: me.json\n    url: %s\n  confluence:\n    url: %[1]s\n    authorization: FUNCTION_TEST_TOKEN\n", site)
	for _, c := range []struct {
		name string
		ask  functions.Request
		want string
	}{
		{"a fixture", request("fpp", "jira", "GET", "/rest/api/3/myself", ""), `{"name":"me"}`},
		{"a site", request("fpp", "jira", "POST", "/rest/x?y=1", "b"), `"POST /rest/x?y=1 b "`},
		{"a site with credentials", request("fpp", "confluence", "GET", "/wiki", ""), `"GET /wiki  Basic secret"`},
		{"a product without an answer", request("fpp", "bitbucket", "GET", "/x", ""), "The function say failed: NO_FIXTURE: Nothing answers GET /x for bitbucket"},
		{"fetch of another site's address", request("egress", "", "", "https://site-2.example.com/", ""), "REQUEST_EGRESS_ALLOWLIST_ERR: The app may not fetch from https://site-2.example.com."},
		{"fetch", request("egress", "", "", "https://site-1.example.com/", ""), "204"},
		{"fetch from a remote", request("egress", "", "", "https://files.example.com/a", ""), "204"},
		{"a missing value", request("kvs", "kvs", "POST", "/api/v1/get", `{"key":"a"}`), `{"code":"KEY_NOT_FOUND","message":"There is no value with this key"}`},
		{"an entity", request("kvs", "kvs", "POST", "/api/v1/entity/get", `{}`), "NOT_ON_THE_LOCAL_HOST: The local host runs functions without custom entities"},
		{"GraphQL", request("fpp", "stargate", "POST", "/graphql", "{}"), "requestGraph"},
		{"a remote", request("frc", "api", "POST", "/x", ""), `invokeRemote of @forge/api (remote "api")`},
		{"another provider", request("tpp", "api", "POST", "/x", ""), "withProvider"},
		{"SQL", request("sql", "", "POST", "/x", ""), `without "sql", which a package of the app asks for. Give it an answer in forgego.yml, by functions: say:`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newRunner(t, dev, asks(c.ask))
			got := ""
			out, err := h.Call(t.Context(), sessionOf(t, h.Manifest, "", ""), Input{ModuleKey: "panel", Function: "say", UseCredentials: true})
			if err != nil {
				got = err.Error()
			} else {
				got = string(out.Result)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("without the page's key", func(t *testing.T) {
		h := newRunner(t, dev, asks(request("fpp", "confluence", "GET", "/wiki", "")))
		if _, failed := call(t, h, "say", "null"); !strings.Contains(failed.Message, "KEY_REQUIRED") {
			t.Errorf("got %+v", failed)
		}
	})
	t.Run("with a context", func(t *testing.T) {
		ask := request("fpp", "", "GET", "/x", "")
		ask.Options.ContextARI = "ari:cloud:jira::site/x"
		if _, failed := call(t, newRunner(t, dev, asks(ask)), "say", "null"); !strings.Contains(failed.Message, "withContext") {
			t.Errorf("got %+v", failed)
		}
	})
}

// The values of @forge/kvs are those of one site. forgego.yml can name a file for them.
func TestHandlerValues(t *testing.T) {
	var ask functions.Request
	h := newRunner(t, "storage: data/storage.json\n", func(ctx context.Context, c functions.Call) (json.RawMessage, error) { return asks(ask)(ctx, c) })
	do := func(site, path, body, want string) {
		t.Helper()
		ask = request("kvs", "kvs", "POST", "/api/v1/"+path, body)
		out, err := h.Call(t.Context(), sessionOf(t, h.Manifest, "", site), Input{ModuleKey: "panel", Function: "say"})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out.Result), want) {
			t.Errorf("%s %s on site %s: got %s, want %s", path, body, site, out.Result, want)
		}
	}
	do("1", "set", `{"key":"a","value":{"n":1}}`, "200")
	do("1", "get", `{"key":"a"}`, `"value":{"n":1}`)
	do("2", "get", `{"key":"a"}`, "KEY_NOT_FOUND")
	h.Values = &kvs.Store{} // as after a restart
	do("1", "get", `{"key":"a"}`, `"value":{"n":1}`)
}

// newEcho starts a server that answers with what it got, and returns its address.
func newEcho(t *testing.T) string {
	t.Helper()
	var s *testapp.Site
	s = testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(strings.Join([]string{r.Method, r.URL.String(), s.Body, r.Header.Get("Authorization")}, " "))
	})
	return s.URL
}

// A trigger calls its function with a payload and without a user.
func TestTrigger(t *testing.T) {
	var got functions.Call
	h := newRunner(t, "", func(_ context.Context, c functions.Call) (json.RawMessage, error) {
		got = c
		return json.RawMessage(`{"statusCode":204}`), nil
	})
	h.Manifest.Functions = append(h.Manifest.Functions, manifest.Function{Key: "hook-fn", Handler: "hooks.run", File: "src/hooks.ts", Export: "run"})
	h.Manifest.Triggers = []manifest.Trigger{{Type: "webtrigger", Key: "hook", Function: "hook-fn"}}
	s := sessionOf(t, h.Manifest, "", "2")
	out, err := h.Trigger(t.Context(), s, TriggerInput{Key: "hook", Payload: json.RawMessage(`{"body":"b"}`)})
	if err != nil || string(out.Result) != `{"statusCode":204}` || out.From != "src/hooks.ts" {
		t.Fatalf("got %+v, %v", out, err)
	}
	text, err := json.Marshal(got.Arguments)
	if err != nil || got.Label != "hook" || got.Module != "hooks" || got.Export != "run" || string(text) != `[{"body":"b"},{"installContext":"ari:cloud:jira::site/`+s.CloudID+`"}]` || got.Runtime["aaid"] != nil {
		t.Errorf("the call is %+v with %s, %v", got, text, err)
	}
	if _, err := h.Trigger(t.Context(), s, TriggerInput{Key: "other"}); err == nil || !strings.Contains(err.Error(), `no trigger "other"`) {
		t.Errorf("another trigger: got %v", err)
	}
	testapp.Write(t, h.Dir, "forgego.yml", "functions:\n  a: {file: me.json}\n")
	if _, err := h.Trigger(t.Context(), s, TriggerInput{Key: "hook"}); err == nil || !strings.Contains(err.Error(), `"hook-fn: run"`) {
		t.Errorf("a function that does not run: got %v", err)
	}
}
