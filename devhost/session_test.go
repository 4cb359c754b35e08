package devhost

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// session returns the session of the first account on the site with this number. An empty number is the first's.
func session(t *testing.T, h *Host, site string) *installation.Session {
	t.Helper()
	s, err := h.current.Load().installed.Session(manifest.DevContext{}, "", site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// identity is what tells sessions apart in what a backend or an app gets.
type identity struct{ account, installation, cloud, api string }

// TestSessions checks that all that leaves the host for a window names its account and its site.
func TestSessions(t *testing.T) {
	var sent http.Header
	remote := newRemote(t, func(w http.ResponseWriter, r *http.Request) { sent = r.Header })
	m := testapp.Manifest(t)
	site := testapp.NewSite(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("{}")) })
	testapp.Write(t, m.Dir, "forgego.yml", "functions: {'*': {url: '"+site.URL+"'}}\n")
	h := startHost(t, m, settings{remoteURLs: map[string]string{"tasks-api": remote}})
	seen := map[identity]string{}
	for _, c := range []struct{ query, systemToken, userToken string }{
		{"", "-1", "-1-1"}, {"?account=2", "-1", "-1-2"}, {"?site=2", "-2", "-2-1"}, {"?account=2&site=2", "-2", "-2-2"},
	} {
		query := c.query
		t.Run(query, func(t *testing.T) {
			context, _ := askData(t, h, "context"+query, `{"moduleKey":"panel"}`)
			want := identity{account: context["accountId"].(string), cloud: context["cloudId"].(string)}
			of := func(jwt string) map[string]any {
				t.Helper()
				_, claims := verify(t, h, jwt)
				app, inContext := claims["app"].(map[string]any), claims["context"].(map[string]any)
				got := identity{inContext["accountId"].(string), app["installationId"].(string), inContext["cloudId"].(string), app["apiBaseUrl"].(string)}
				want.installation, want.api = got.installation, "https://api.atlassian.com/ex/jira/"+want.cloud
				if got != want || app["installation"].(map[string]any)["id"] != got.installation {
					t.Errorf("the token has %+v, want %+v", got, want)
				}
				return claims
			}
			fit, _ := askData(t, h, "token"+query, `{"moduleKey":"panel","remoteKey":"tasks-api"}`)
			of(fit["jwt"].(string))
			if out, _ := askData(t, h, "invoke"+query, `{"moduleKey":"panel","invokeType":"ui-remote-fetch","input":{"path":"/","method":"GET"}}`); out["success"] != true {
				t.Fatalf("invokeRemote: got %v", out)
			}
			if claims := of(strings.TrimPrefix(sent.Get("Authorization"), "Bearer ")); claims["principal"] != want.account {
				t.Errorf("the principal is %v, want %s", claims["principal"], want.account)
			}
			askData(t, h, "function"+query, call("f", "1"))
			var in struct{ Context installation.Context }
			if err := json.Unmarshal([]byte(site.Body), &in); err != nil || in.Context.AccountID != want.account || in.Context.CloudID != want.cloud {
				t.Errorf("the function gets %s, %v; want %+v", site.Body, err, want)
			}
			if other, ok := seen[want]; ok {
				t.Errorf("%q and %q have the same session %+v", query, other, want)
			}
			seen[want] = query
			for name, end := range map[string]string{"x-forge-oauth-system": c.systemToken, "x-forge-oauth-user": c.userToken} {
				if got := sent.Get(name); !strings.HasSuffix(got, end) {
					t.Errorf("%s is %s, want a token that ends in %s", name, got, end)
				}
			}
		})
	}
}

func TestContextOfForgegoYML(t *testing.T) {
	h := dataHost(t, "context:\n  license: {active: true, type: COMMERCIAL}\n  extension: {issue: {key: REAL-7}}\n")
	of := func() string {
		t.Helper()
		context, failed := askData(t, h, "context", `{"moduleKey":"panel"}`)
		if failed.Message != "" {
			t.Fatal(failed.Message)
		}
		_, claims := verify(t, h, mint(t, h, "panel").JWT)
		inToken := claims["context"].(map[string]any)
		issue := context["extension"].(map[string]any)["issue"]
		if asJSON(t, issue) != asJSON(t, inToken["extension"].(map[string]any)["issue"]) {
			t.Errorf("the token's issue differs: %v", inToken)
		}
		if license, ok := inToken["license"]; ok {
			t.Errorf("the token's context has a license, which belongs to the app: %v", license)
		}
		return asJSON(t, []any{context["license"], claims["app"].(map[string]any)["license"], issue.(map[string]any)["key"], issue.(map[string]any)["id"]})
	}
	if got, want := of(), `[{"active":true,"type":"COMMERCIAL"},{"active":true,"type":"COMMERCIAL"},"REAL-7","10001"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	testapp.Write(t, h.dir, "forgego.yml", "context: {license: {active: false}}\n")
	if got, want := of(), `[{"active":false},{"active":false},"DEMO-1","10001"]`; got != want {
		t.Errorf("after a change: got %s, want %s", got, want)
	}
}

func TestUnknownSession(t *testing.T) {
	h := dataHost(t, "context: {accounts: [{name: Only}]}\n")
	inputs := map[string]string{
		"context": `{"moduleKey":"panel"}`, "token": `{"moduleKey":"panel","remoteKey":"tasks-api"}`, "function": call("f", "1"), "permissions": `{}`, "diagnosis": `{"remoteKey":"tasks-api"}`,
		"invoke": `{"moduleKey":"panel"}`, "realtime/publish": `{"moduleKey":"panel","channelName":"c"}`, "realtime/subscribe": `{"moduleKey":"panel","channelName":"c"}`,
	}
	for query, code := range map[string]string{"account=2": "UNKNOWN_ACCOUNT", "site=3": "UNKNOWN_SITE", "account=1&site=x": "UNKNOWN_SITE"} {
		for name, input := range inputs {
			if out, failed := askData(t, h, name+"?"+query, input); failed.Code != code {
				t.Errorf("%s?%s: got %v, %+v; want the code %s", name, query, out, failed, code)
			}
		}
		resp, page := testapp.Ask(t, "GET", h.URL()+"?module=panel&"+query, "")
		if resp.StatusCode != 404 || !strings.Contains(page, "There is no such account or site") || strings.Contains(page, "<iframe") {
			t.Errorf("the page with %s has the status %d: %s", query, resp.StatusCode, page)
		}
	}
	// The page can still show what is wrong, and its requests say it.
	testapp.Write(t, h.dir, "forgego.yml", "context: 7\n")
	for name, input := range inputs {
		if out, failed := askData(t, h, name+"?account=2", input); failed.Code != "FORGEGO_YML" {
			t.Errorf("%s with a fault in forgego.yml: got %v, %+v", name, out, failed)
		}
	}
	if resp, page := testapp.Ask(t, "GET", h.URL()+"?account=2", ""); resp.StatusCode != 200 || !strings.Contains(page, "<iframe") || strings.Contains(page, `id="account"`) {
		t.Errorf("the page with a fault in forgego.yml has the status %d: %s", resp.StatusCode, page)
	}
}

func TestSwitchesOfThePage(t *testing.T) {
	h := dataHost(t, "context: {accounts: [{name: Agent}, {name: '<Admin>', admin: true}]}\n")
	_, first := testapp.Ask(t, "GET", h.URL(), "")
	_, second := testapp.Ask(t, "GET", h.PageURLFor(Window{Module: "macro", Account: 2, Site: 2}), "")
	for _, c := range []struct {
		page, want string
	}{
		{first, `<option value="1" selected>Agent</option><option value="2">&lt;Admin&gt;</option></select>`},
		{first, `<option value="1" selected>Site</option><option value="2">Second site</option></select>`},
		{first, `<a class="home" href="/">`},
		{first, `href="/?module=macro"`},
		{first, `src="` + h.AppURL() + `main/"`},
		{second, `<option value="1">Agent</option><option value="2" selected>&lt;Admin&gt;</option></select>`},
		{second, `<option value="1">Site</option><option value="2" selected>Second site</option></select>`},
		{second, `<a class="home" href="/?account=2&amp;site=2">`},
		{second, `href="/?module=panel&amp;account=2&amp;site=2"`},
		{second, `src="` + h.AppURL() + `main~2/"`},
	} {
		if !strings.Contains(c.page, c.want) {
			t.Errorf("the page has no %s:\n%s", c.want, c.page)
		}
	}
	for _, c := range []struct {
		shown Window
		want  string
	}{
		{Window{}, ""},
		{Window{"", "", 1, 1}, ""},
		{Window{"panel", "", 1, 1}, "?module=panel"},
		{Window{"panel", "edit", 0, 0}, "?module=panel&view=edit"},
		{Window{"a b", "", 2, 1}, "?account=2&module=a+b"},
		{Window{"", "", 3, 2}, "?account=3&site=2"},
	} {
		if got := h.PageURLFor(c.shown); got != h.URL()+c.want {
			t.Errorf("PageURLFor(%+v) = %s, want %s%s", c.shown, got, h.URL(), c.want)
		}
	}
	testapp.Write(t, h.dir, "forgego.yml", "products:\n  jira:\n    url: https://example.com\n    authorization: A\n")
	if got, want := h.PageURLFor(Window{Module: "panel", Account: 2}), h.URL()+"?account=2&module=panel#key="+h.pageKey; got != want {
		t.Errorf("with credentials: got %s, want %s", got, want)
	}
}

// TestSitesOfTheAppsPages checks that pages of the app run under the policy of their window's site.
func TestSitesOfTheAppsPages(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	if _, failed := askData(t, h, "permissions?site=2", `{"external":{"list":"images","address":"https://second.example","granted":true}}`); failed.Message != "" {
		t.Fatal(failed.Message)
	}
	for _, c := range []struct {
		path             string
		status           int
		granted          bool
		redirectLocation string
	}{
		{"main/", 200, false, ""}, {"main~2/", 200, true, ""}, {"main~3/", 200, false, ""}, {"main~20/index.html", 200, false, ""}, {"main~2", 307, false, "/main~2/"},
		{"main~1/", 404, false, ""}, {"main~0/", 404, false, ""}, {"main~02/", 404, false, ""}, {"main~21/", 404, false, ""}, {"main~x/", 404, false, ""}, {"main~/", 404, false, ""}, {"other~2/", 404, false, ""},
	} {
		resp, _ := testapp.Ask(t, "GET", h.AppURL()+c.path, "")
		policy := resp.Header.Get("Content-Security-Policy")
		if resp.StatusCode != c.status || strings.Contains(policy, "https://second.example") != c.granted || resp.Header.Get("Location") != c.redirectLocation {
			t.Errorf("%s: got the status %d, the policy %s; want %d, and the address of the second site: %v", c.path, resp.StatusCode, policy, c.status, c.granted)
		}
	}
	for site, want := range map[string]bool{"": false, "?site=2": true} {
		context, _ := askData(t, h, "context"+site, `{"moduleKey":"panel"}`)
		if got := strings.Contains(asJSON(t, context["permissions"]), "https://second.example"); got != want {
			t.Errorf("%q: the context has the permission: %v, want %v", site, got, want)
		}
	}
}

func TestGrantsOfSites(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", "permissions:\n  external:\n    configurable: {enabled: true}\nremotes:\n  - key: tasks-api\n    baseUrl: https://tasks.example.com/api\n    configurable: {}\n")
	h := startHost(t, m, settings{})
	const set = `{"command":"remoteSet","payload":{"remotes":[{"key":"tasks-api","configured":{"endpoint":"https://own.example"}}]},"approved":true}`
	for _, account := range []string{"2", "3"} {
		if _, failed := askData(t, h, "permissions?site=2&account="+account, set); failed.Code != "PERMISSION_REFUSED" || !strings.Contains(failed.Message, "only an administrator") {
			t.Errorf("account %s: got %+v", account, failed)
		}
	}
	if _, failed := askData(t, h, "permissions?site=2", set); failed.Message != "" {
		t.Fatal(failed.Message)
	}
	for query, want := range map[string]string{"": "https://tasks.example.com/api", "?site=2": "https://own.example", "?site=2&account=2": "https://own.example"} {
		out, _ := askData(t, h, "token"+query, `{"moduleKey":"panel","remoteKey":"tasks-api"}`)
		if out["baseUrl"] != want {
			t.Errorf("%q: the remote is at %v, want %s", query, out["baseUrl"], want)
		}
		state, _ := askData(t, h, "permissions"+query, `{}`)
		if state["isAdmin"] == strings.Contains(query, "account=2") {
			t.Errorf("%q: isAdmin is %v", query, state["isAdmin"])
		}
		resp, _ := testapp.Ask(t, "GET", h.URL()+query, "")
		if policy := resp.Header.Get("Content-Security-Policy"); strings.Contains(policy, "https://own.example") != strings.Contains(query, "site=2") {
			t.Errorf("%q: the page's policy is %s", query, policy)
		}
	}
}

func TestObjectsOfSites(t *testing.T) {
	h := dataHost(t, storeYAML)
	url, key := startUpload(t, h)
	if resp, text := testapp.Ask(t, "PUT", url, "hello"); resp.StatusCode != 200 {
		t.Fatalf("got %d %s", resp.StatusCode, text)
	}
	for _, other := range []string{key, "../1/" + key, "1/" + key} {
		if out, _ := askData(t, h, "function?site=2", call("meta", `{"key":"`+other+`"}`)); out["result"].(map[string]any)["error"] == nil {
			t.Errorf("the second site reads the first's object by the key %s: %v", other, out)
		}
		if out, _ := askData(t, h, "function?site=2", call("down", `{"keys":["`+other+`"]}`)); len(out["result"].(map[string]any)) != 0 {
			t.Errorf("the second site gets an address of the first's object by the key %s: %v", other, out)
		}
		askData(t, h, "function?site=2", call("del", `{"key":"`+other+`"}`))
	}
	if out, _ := askData(t, h, "function?account=2", call("meta", `{"key":"`+key+`"}`)); out["result"].(map[string]any)["size"] != 5.0 {
		t.Errorf("another account of the first site gets %v", out)
	}
}
