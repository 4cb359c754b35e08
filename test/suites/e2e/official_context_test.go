package e2e

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestOfficialContext checks that view.getContext returns the members that Atlassian documents, and that a token has the
// same members.
// Source: https://developer.atlassian.com/platform/forge/custom-ui-bridge/view/
func TestOfficialContext(t *testing.T) {
	o := newOfficial(t)
	seen := map[string]map[string]any{}
	for module, kind := range map[string]string{"main-page": "jira:globalPage", "panel": "jira:issuePanel", "macro": "macro"} {
		t.Run(kind, func(t *testing.T) {
			o.show(module)
			var got map[string]any
			o.Eval(`app.view.getContext()`, &got)
			seen[module] = got
			for name, pattern := range map[string]string{
				"accountId": `^712020:[0-9a-f-]{36}$`, "cloudId": `^[0-9a-f-]{36}$`, "localId": `^ari:cloud:ecosystem::extension/.+/` + module + `$`,
				"environmentId": `^[0-9a-f-]{36}$`, "environmentType": `^DEVELOPMENT$`, "moduleKey": `^` + module + `$`, "siteUrl": `^` + regexp.QuoteMeta(o.host.origin()) + `$`,
			} {
				if text, _ := got[name].(string); !regexp.MustCompile(pattern).MatchString(text) {
					t.Errorf("%s is %v, want %s", name, got[name], pattern)
				}
			}
			if want := o.String(`navigator.language`); got["locale"] != want {
				t.Errorf("locale is %v, want %s", got["locale"], want)
			}
			if want := o.String(`Intl.DateTimeFormat().resolvedOptions().timeZone`); got["timezone"] != want {
				t.Errorf("timezone is %v, want %s", got["timezone"], want)
			}
			if extension, _ := got["extension"].(map[string]any); extension["type"] != kind {
				t.Errorf("extension is %v", got["extension"])
			}
			if _, ok := got["license"]; ok {
				t.Error("there is a license, which development environments do not have")
			}
		})
	}
	for _, name := range []string{"accountId", "cloudId", "environmentId"} {
		if seen["main-page"][name] != seen["panel"][name] {
			t.Errorf("%s is another in each module", name)
		}
	}

	t.Run("in a token", func(t *testing.T) {
		o.show("main-page")
		o.request("backend", `{ path: "/a" }`)
		_, encoded, _ := strings.Cut(o.arrived(t).header.Get("Authorization"), ".")
		encoded, _, _ = strings.Cut(encoded, ".")
		var claims struct{ Context map[string]any }
		if err := json.Unmarshal(decode(t, encoded), &claims); err != nil {
			t.Fatal(err)
		}
		want := seen["main-page"]
		delete(want, "locale")
		delete(want, "timezone")
		delete(want, "permissions") // @forge/bridge has it, but the documentation of tokens does not
		if !reflect.DeepEqual(claims.Context, want) {
			t.Errorf("the token's context is\n%v\nand the app's\n%v", claims.Context, want)
		}
	})
	o.Page.Quiet()
}
