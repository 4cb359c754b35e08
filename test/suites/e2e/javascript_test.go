package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestJavaScriptApp checks that an app without Go, with Atlassian's own client, works on the local host and writes nothing
// to the console. The tests in official_*_test.go check what each call does.
func TestJavaScriptApp(t *testing.T) {
	o := newOfficial(t)
	o.stage.play(says(202, "application/json", `{"n":1}`))
	wantJSON(t, o.app, `app.requestRemote("backend", { path: "/", method: "PUT", headers: { "X-Own": "1" }, body: "héllo" })
		.then(async (response) => ({ isResponse: response instanceof Response, ok: response.ok, status: response.status, ...(await response.json()) }))`,
		`{"isResponse":true,"n":1,"ok":true,"status":202}`)
	wantJSON(t, o.app, `app.invokeRemote({ path: "/", method: "POST", body: {} }).then(({ status, body }) => ({ status, body }))`,
		`{"body":{"n":1},"status":202}`)
	wantJSON(t, o.app, `app.view.getContext().then(({ moduleKey }) => moduleKey)`, `"main-page"`)

	for _, test := range []struct{ name, call, want string }{
		{"a command that the host does not have", `__bridge.callBridge("fetchAnything")`, `no bridge command "fetchAnything"`},
		{"a request to a product that nothing answers", `app.requestJira("/rest/api/3/nothing")`, `Nothing answers GET /rest/api/3/nothing for jira`},
		{"a resolver's function that nothing answers", `app.invoke("nothing", { a: 1 })`, `nothing`},
		{"a function in a payload", `app.invokeRemote({ path: "/", method: "GET", then: () => {} })`, "Passing functions"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := o.String(test.call + `.then(() => "done", (error) => error.message)`)
			if !strings.Contains(got, test.want) {
				t.Errorf("it says %s, want %s", got, test.want)
			}
		})
	}
	o.Page.Quiet()
}

// wantJSON evaluates an expression in the app and compares its value, with the members sorted by name.
func wantJSON(t *testing.T, a app, expression, want string) {
	t.Helper()
	var value any
	a.Eval(expression, &value)
	var got strings.Builder
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(got.String()) != want {
		t.Errorf("got  %swant %s", &got, want)
	}
}
