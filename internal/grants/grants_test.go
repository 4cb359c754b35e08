package grants

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

const grantsManifest = `
permissions:
  scopes:
    read:a: {allowImpersonation: true}
    write:a: {}
  external:
    configurable: {enabled: true}
    fetch:
      backend: ["*.b.example"]
      client: ["https://c.example", {address: "https://d.example", category: analytics}, {remote: tasks-api}]
    images: ["https://i.example"]
remotes:
  - key: tasks-api
    baseUrl: https://tasks.example
  - key: own
    configurable: {name: Own, description: Own, supportedPatterns: ["*.example", "http://localhost*"]}
`

// newTestGrants returns the grants of an app with this manifest.yml, and its manifest.
func newTestGrants(t *testing.T, text string) (*Grants, *manifest.Manifest) {
	t.Helper()
	m := &manifest.Manifest{Dir: t.TempDir(), Scopes: []string{"read:a", "write:a"}, External: manifest.External{
		Client: []string{"https://c.example", "https://d.example"}, ClientRemotes: []string{"tasks-api"}, Images: []string{"https://i.example"},
	}}
	if err := os.WriteFile(filepath.Join(m.Dir, "manifest.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := manifest.Value(m.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return New(m.Scopes, file), m
}

// applied returns the addresses of a manifest with the grants applied.
func applied(g *Grants, m *manifest.Manifest) manifest.External {
	e := m.External
	revoked := g.Apply(map[string]*[]string{
		"fetch.client": &e.Client, "fonts": &e.Fonts, "frames": &e.Frames, "images": &e.Images, "media": &e.Media, "scripts": &e.Scripts, "styles": &e.Styles,
	})
	e.ClientRemotes = slices.DeleteFunc(slices.Clone(e.ClientRemotes), func(key string) bool { return slices.Contains(revoked, key) })
	return e
}

// The panel shows the values of variables in manifest.yml, as the policy does, and can revoke them.
func TestGrantsReplaceVariables(t *testing.T) {
	t.Setenv("FORGEGO_TEST_HOST", "i.example")
	g, m := newTestGrants(t, "\ufeff%YAML 1.2\n---\nenvironment: {variables: [FORGEGO_TEST_HOST]}\npermissions: {external: {images: ['https://${FORGEGO_TEST_HOST}']}}\n")
	if len(g.external) != 1 || g.external[0].Address != "https://i.example" {
		t.Fatalf("got %+v", g.external)
	}
	if err := g.change(Input{External: &External{List: "images", Address: "https://i.example"}}); err != nil {
		t.Fatal(err)
	}
	if got := applied(g, m).Images; len(got) != 0 {
		t.Errorf("after the address was revoked, the policy has %q", got)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestGrantsStartAsManifest(t *testing.T) {
	g, m := newTestGrants(t, grantsManifest)
	const want = `{"external":{"configurable":{"enabled":true},"fetch":{"backend":["*.b.example"],"client":["https://c.example",{"address":"https://d.example","category":"analytics"},{"remote":"tasks-api"}]},` +
		`"images":["https://i.example"]},"scopes":{"read:a":{"allowImpersonation":true},"write:a":{}}}`
	if got := asJSON(t, g.RuntimePermissions()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := applied(g, m); !reflect.DeepEqual(got, m.External) {
		t.Errorf("got %+v", got)
	}
	g, _ = newTestGrants(t, "app: {}")
	if got := asJSON(t, g.RuntimePermissions()); got != `{"external":{},"scopes":["read:a","write:a"]}` {
		t.Errorf("got %s", got)
	}
}

func TestGrantsChange(t *testing.T) {
	g, m := newTestGrants(t, grantsManifest)
	change := func(input string) string {
		t.Helper()
		var in Input
		if err := json.Unmarshal([]byte(input), &in); err != nil {
			t.Fatal(err)
		}
		if err := g.change(in); err != nil {
			return err.Error()
		}
		return ""
	}
	for _, input := range []string{
		`{"scope":{"name":"write:a","granted":false}}`,
		`{"external":{"list":"fetch.client","address":"https://d.example","granted":false}}`,
		`{"external":{"list":"fetch.client","address":"remote: tasks-api","granted":false}}`,
		`{"external":{"list":"fonts","address":"*.fonts.example","granted":true}}`,
		`{"external":{"list":"images","address":"https://i.example","granted":false}}`,
		`{"external":{"list":"images","address":"https://i.example","granted":true}}`,
		`{"rovo":false,"consent":{"published":true,"marketing":true}}`,
	} {
		if problem := change(input); problem != "" {
			t.Errorf("change(%s) = %s", input, problem)
		}
	}
	before := asJSON(t, g.State(true))
	for input, want := range map[string]string{
		`{"scope":{"name":"read:b"},"external":{"list":"fonts","address":"https://new.example","granted":true},"rovo":true}`: `no scope "read:b"`,
		`{"external":{"list":"navigation","address":"https://a.example"},"rovo":true}`:                                       `unknown list of addresses "navigation"`,
		`{"external":{"list":"images","address":"a; script-src *","granted":true}}`:                                          "is not an address",
		`{"external":{"list":"images","address":"'unsafe-inline'","granted":true}}`:                                          "is not an address",
		`{"external":{"list":"frames","address":"javascript:alert(1)","granted":true}}`:                                      "not allowed in a manifest",
		`{"external":{"list":"frames","address":"http://x","granted":true}}`:                                                 "not allowed in a manifest",
		`{"external":{"list":"frames","address":"https://localhost","granted":true}}`:                                        "not allowed in a manifest",
		`{"external":{"list":"images","address":"","granted":true}}`:                                                         "is not an address",
		`{"external":{"list":"images","address":"https://a.example,https://b.example","granted":true}}`:                      "is not an address",
	} {
		if problem := change(input); !strings.Contains(problem, want) {
			t.Errorf("%s: got %q, want %q", input, problem, want)
		}
	}
	if after := asJSON(t, g.State(true)); after != before {
		t.Errorf("a refused change modified the state from\n%s to\n%s", before, after)
	}
	external := manifest.External{Client: []string{"https://c.example"}, ClientRemotes: []string{}, Fonts: []string{"*.fonts.example"}, Images: []string{"https://i.example"}}
	if got := applied(g, m); asJSON(t, got) != asJSON(t, external) {
		t.Errorf("got %s, want %s", asJSON(t, got), asJSON(t, external))
	}
	if got := asJSON(t, []any{m.External.Client, m.External.ClientRemotes, m.External.Images}); got != `[["https://c.example","https://d.example"],["tasks-api"],["https://i.example"]]` {
		t.Errorf("Apply modified the manifest itself: %+v", m.External)
	}
	if got := asJSON(t, g.RuntimePermissions()["scopes"]); got != `{"read:a":{"allowImpersonation":true}}` {
		t.Errorf("the scopes are %s", got)
	}
	if s := g.State(false); s.IsAdmin || s.Rovo || s.Consent != (Consent{Published: true, Marketing: true}) {
		t.Errorf("the state is %+v", s)
	}
}
