package devhost

import (
	"fmt"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

const catsGroup = `{"key":"cats","description":"Cats","configured":[{"domain":"https://cats.example","type":["IMAGES","FETCH_CLIENT_SIDE"]}]}`

func TestEgressCommands(t *testing.T) {
	g, m := newTestGrants(t, grantsManifest)
	for i, step := range []struct {
		command, payload string
		approved         bool
		want             string
	}{
		{"egressGet", ``, false, `{"results":[]}`},
		{"egressSet", `{"egresses":[` + catsGroup + `]}`, false, `{"ask":"Allow this app to reach these addresses?","detail":"https://cats.example (Cats)"}`},
		{"egressGet", `{}`, false, `{"results":[]}`},
		{"egressSet", `{"egresses":[` + catsGroup + `]}`, true, `{"results":[` + catsGroup + `]}`},
		// Of an address that is there already nobody is asked.
		{"egressSet", `{"egresses":[{"key":"dogs","description":"Dogs","configured":[{"domain":"https://cats.example","type":["FONTS"]}]}]}`, false,
			`{"results":[{"key":"dogs","description":"Dogs","configured":[{"domain":"https://cats.example","type":["FONTS"]}]}]}`},
		{"egressGet", `{"pageSize":1}`, false, `{"lastEvaluatedKey":"1","results":[` + catsGroup + `]}`},
		{"egressGet", `{"pageSize":1,"nextPageToken":"1","keys":["cats","dogs"]}`, false, `{"results":[{"key":"dogs","description":"Dogs","configured":[{"domain":"https://cats.example","type":["FONTS"]}]}]}`},
		{"egressGet", `{"keys":["cats"]}`, false, `{"results":[` + catsGroup + `]}`},
		{"egressGet", `{"nextPageToken":"99"}`, false, `{"results":[]}`},
		{"egressDeleteGroup", `{"key":"dogs"}`, false, `{"ask":"Delete a group of this app's egress?","detail":"dogs"}`},
		{"egressDeleteGroup", `{"key":"dogs"}`, true, `{}`},
		{"egressDeleteGroup", `{"key":"dogs"}`, true, `{}`},
		{"egressDeleteDomain", `{"key":"cats","domain":"https://cats.example","type":"IMAGES"}`, false, `{"ask":"Delete a domain of this app's egress?","detail":"IMAGES of https://cats.example, in cats"}`},
		{"egressDeleteDomain", `{"key":"cats","domain":"https://cats.example","type":"IMAGES"}`, true, `{}`},
		{"egressGet", `{}`, false, `{"results":[{"key":"cats","description":"Cats","configured":[{"domain":"https://cats.example","type":["FETCH_CLIENT_SIDE"]}]}]}`},
		{"remoteGet", `{}`, false, `{"results":[{"key":"own","configured":{"endpoint":null}}]}`},
		{"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"https://a.example/x"}}]}`, false, `{"ask":"Change where this app's remotes are reached?","detail":"own: https://a.example/x"}`},
		{"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"https://a.example/x"}}]}`, true, `{}`},
		{"remoteGet", `{"keys":["own","tasks-api"]}`, false, `{"results":[{"key":"own","configured":{"endpoint":"https://a.example/x"}}]}`},
		{"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":null}}]}`, true, `{}`},
		{"remoteGet", `{}`, false, `{"results":[{"key":"own","configured":{"endpoint":null}}]}`},
	} {
		got, err := g.command(step.command, []byte(step.payload), step.approved)
		if err != nil {
			t.Fatalf("%d: %s %s: %v", i, step.command, step.payload, err)
		}
		if text := asJSON(t, got); text != step.want {
			t.Errorf("%d: %s %s answers\n%s, want\n%s", i, step.command, step.payload, text, step.want)
		}
	}
	if got := g.apply(m).External.Client; len(got) != 3 || got[2] != "https://cats.example" {
		t.Errorf("the policy's addresses are %q", got)
	}
}

func TestEgressRefuses(t *testing.T) {
	group := func(n int, format string) string {
		var all []string
		for i := range n {
			all = append(all, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return strings.Join(all, ",")
	}
	set := func(configured string) string {
		return `{"egresses":[{"key":"k","description":"d","configured":[` + configured + `]}]}`
	}
	for name, tt := range map[string]struct{ command, payload, want string }{
		"no JSON":                   {"egressGet", `[]`, "not what the command takes"},
		"another command":           {"egressList", `{}`, "no command"},
		"a token of others":         {"egressGet", `{"nextPageToken":"x"}`, "no page token"},
		"a negative token":          {"egressGet", `{"nextPageToken":"-1"}`, "no page token"},
		"a negative size":           {"egressGet", `{"pageSize":-1}`, "pageSize"},
		"no key":                    {"egressSet", `{"egresses":[{"description":"d"}]}`, "a key and a description"},
		"no description":            {"egressSet", `{"egresses":[{"key":"k"}]}`, "a key and a description"},
		"a group twice":             {"egressSet", `{"egresses":[{"key":"k","description":"d"},{"key":"k","description":"d"}]}`, "there twice"},
		"a domain twice":            {"egressSet", set(`{"domain":"https://a","type":["IMAGES"]},{"domain":"https://a","type":["FONTS"]}`), "twice"},
		"no domain":                 {"egressSet", set(`{"domain":"","type":["IMAGES"]}`), "no address"},
		"more than a domain":        {"egressSet", set(`{"domain":"https://a; script-src *","type":["IMAGES"]}`), "no address"},
		"no type":                   {"egressSet", set(`{"domain":"https://a"}`), "no type"},
		"another type":              {"egressSet", set(`{"domain":"https://a","type":["Image"]}`), `"Image"`},
		"many groups":               {"egressSet", `{"egresses":[` + group(11, `{"key":"#","description":"d"}`) + `]}`, "more than 10 egress groups"},
		"many domains":              {"egressSet", set(group(11, `{"domain":"https://#","type":["IMAGES"]}`)), "more than 10 domains"},
		"many entries":              {"egressSet", set(group(10, `{"domain":"https://#","type":["IMAGES","FONTS","MEDIA","FRAMES"]}`)), "more than 40 entries"},
		"a domain without a group":  {"egressDeleteDomain", `{"domain":"https://a","type":"IMAGES"}`, "name the key"},
		"a domain of no type":       {"egressDeleteDomain", `{"key":"k","domain":"https://a","type":"Image"}`, "one type of egress"},
		"a group without a name":    {"egressDeleteGroup", `{}`, "name its key"},
		"a remote that is not":      {"remoteSet", `{"remotes":[{"key":"none"}]}`, `no remote "none"`},
		"a remote of the developer": {"remoteSet", `{"remotes":[{"key":"tasks-api"}]}`, "not configurable"},
		"a remote twice":            {"remoteSet", `{"remotes":[{"key":"own"},{"key":"own"}]}`, "twice"},
		"a path":                    {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"/x"}}]}`, `does not begin with "https://"`},
		"another scheme":            {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"ftp://a.example"}}]}`, `does not begin with "https://"`},
		"another pattern":           {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"https://a.test"}}]}`, "fits none of its supportedPatterns: *.example, http://localhost*"},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := newTestGrants(t, grantsManifest)
			got, err := g.command(tt.command, []byte(tt.payload), true)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v, want %q", got, err, tt.want)
			}
			if len(g.groups) != 0 {
				t.Errorf("and there is %+v", g.groups)
			}
		})
	}
	g, _ := newTestGrants(t, grantsManifest)
	if _, err := g.command("egressSet", []byte(set(group(9, `{"domain":"https://#","type":["IMAGES","FONTS","MEDIA","FRAMES","FETCH_BACKEND_SIDE"]}`))), true); err != nil {
		t.Errorf("40 entries, those of the backend not counted, give %v", err)
	}
	g.isAdmin = false
	for _, command := range []string{"egressSet", "egressDeleteDomain", "egressDeleteGroup", "remoteSet"} {
		if _, err := g.command(command, nil, true); err != errNotAdmin {
			t.Errorf("%s of no administrator gives %v", command, err)
		}
	}
	if _, err := g.command("remoteGet", nil, false); err != nil {
		t.Errorf("who is no administrator cannot ask: %v", err)
	}
	g.configurable = false
	if _, err := g.command("egressGet", nil, false); err != errNotConfigurable {
		t.Errorf("where it is not enabled: %v", err)
	}
}

// Requests go where the administrator has had a remote moved, unless forgego.yml has it on this machine.
func TestApprovedRemoteIsUsed(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", grantsManifest)
	m.Remotes = append(m.Remotes, manifest.Remote{Key: "own", BaseURL: "https://own.example"})
	h := startHost(t, m, Options{})
	if _, failed := askData(t, h, "permissions", `{"command":"remoteSet","payload":{"remotes":[{"key":"own","configured":{"endpoint":"https://a.example/x"}}]},"approved":true}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	const ask = `{"moduleKey":"panel","remoteKey":"own"}`
	if out, failed := askData(t, h, "token", ask); out["baseUrl"] != "https://a.example/x" {
		t.Errorf("the remote is at %v, %+v", out["baseUrl"], failed)
	}
	if policy := h.productPolicy(); !strings.Contains(policy, " https://a.example;") {
		t.Errorf("the product's policy is %s", policy)
	}
	if err := h.SetRemoteURL("own", "http://127.0.0.1:9"); err != nil {
		t.Fatal(err)
	}
	if out, failed := askData(t, h, "token", ask); out["baseUrl"] != "http://127.0.0.1:9" {
		t.Errorf("with a local address the remote is at %v, %+v", out["baseUrl"], failed)
	}
}
