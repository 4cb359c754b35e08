package grants

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
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
		// An address that is already approved does not need an approval again, also for a new type in another group.
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
		got, err := g.command(true, step.command, []byte(step.payload), step.approved)
		if err != nil {
			t.Fatalf("%d: %s %s: %v", i, step.command, step.payload, err)
		}
		if text := asJSON(t, got); text != step.want {
			t.Errorf("%d: %s %s answers\n%s, want\n%s", i, step.command, step.payload, text, step.want)
		}
	}
	if got := applied(g, m).Client; len(got) != 3 || got[2] != "https://cats.example" {
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
		"no JSON":                       {"egressGet", `[]`, "does not have the form"},
		"another command":               {"egressList", `{}`, "unknown permission command"},
		"an invalid page token":         {"egressGet", `{"nextPageToken":"x"}`, "not a page token"},
		"a negative page token":         {"egressGet", `{"nextPageToken":"-1"}`, "not a page token"},
		"a negative size":               {"egressGet", `{"pageSize":-1}`, "pageSize"},
		"no key":                        {"egressSet", `{"egresses":[{"description":"d"}]}`, "a key and a description"},
		"no description":                {"egressSet", `{"egresses":[{"key":"k"}]}`, "a key and a description"},
		"a group twice":                 {"egressSet", `{"egresses":[{"key":"k","description":"d"},{"key":"k","description":"d"}]}`, "listed twice"},
		"a domain twice":                {"egressSet", set(`{"domain":"https://a.example","type":["IMAGES"]},{"domain":"https://a.example","type":["FONTS"]}`), "twice"},
		"no domain":                     {"egressSet", set(`{"domain":"","type":["IMAGES"]}`), "not an address"},
		"more than a domain":            {"egressSet", set(`{"domain":"https://a.example; script-src *","type":["IMAGES"]}`), "not an address"},
		"a script":                      {"egressSet", set(`{"domain":"javascript:alert(1)","type":["IMAGES"]}`), "not allowed in a manifest"},
		"plain http":                    {"egressSet", set(`{"domain":"http://a.example","type":["IMAGES"]}`), "not allowed in a manifest"},
		"no type":                       {"egressSet", set(`{"domain":"https://a.example"}`), "no type"},
		"another type":                  {"egressSet", set(`{"domain":"https://a.example","type":["Image"]}`), `"Image"`},
		"many groups":                   {"egressSet", `{"egresses":[` + group(11, `{"key":"#","description":"d"}`) + `]}`, "more than 10 egress groups"},
		"many domains":                  {"egressSet", set(group(11, `{"domain":"https://#.example","type":["IMAGES"]}`)), "more than 10 domains"},
		"many entries":                  {"egressSet", set(group(10, `{"domain":"https://#.example","type":["IMAGES","FONTS","MEDIA","FRAMES"]}`)), "more than 40 entries"},
		"a domain without a group":      {"egressDeleteDomain", `{"domain":"https://a.example","type":"IMAGES"}`, "name the key"},
		"a domain of no type":           {"egressDeleteDomain", `{"key":"k","domain":"https://a.example","type":"Image"}`, "one type of egress"},
		"a group without a name":        {"egressDeleteGroup", `{}`, "name its key"},
		"an unknown remote":             {"remoteSet", `{"remotes":[{"key":"none"}]}`, `no remote "none"`},
		"a remote without configurable": {"remoteSet", `{"remotes":[{"key":"tasks-api"}]}`, "not configurable"},
		"a remote twice":                {"remoteSet", `{"remotes":[{"key":"own"},{"key":"own"}]}`, "twice"},
		"a path":                        {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"/x"}}]}`, `does not begin with "https://"`},
		"another scheme":                {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"ftp://a.example"}}]}`, `does not begin with "https://"`},
		"another pattern":               {"remoteSet", `{"remotes":[{"key":"own","configured":{"endpoint":"https://a.test"}}]}`, "matches none of its supportedPatterns: *.example, http://localhost*"},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := newTestGrants(t, grantsManifest)
			got, err := g.command(true, tt.command, []byte(tt.payload), true)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v, want %q", got, err, tt.want)
			}
			if len(g.groups) != 0 {
				t.Errorf("the groups are %+v, want none", g.groups)
			}
		})
	}
	g, _ := newTestGrants(t, grantsManifest)
	if _, err := g.command(true, "egressSet", []byte(set(group(9, `{"domain":"https://#.example","type":["IMAGES","FONTS","MEDIA","FRAMES","FETCH_BACKEND_SIDE"]}`))), true); err != nil {
		t.Errorf("40 entries without those of the backend: got %v", err)
	}
	for _, command := range []string{"egressSet", "egressDeleteDomain", "egressDeleteGroup", "remoteSet"} {
		if _, err := g.command(false, command, nil, true); err != errNotAdmin {
			t.Errorf("%s by a user who is not an administrator: got %v", command, err)
		}
	}
	if _, err := g.command(false, "remoteGet", nil, false); err != nil {
		t.Errorf("remoteGet by a user who is not an administrator: got %v", err)
	}
	g.configurable = false
	if _, err := g.command(true, "egressGet", nil, false); err != errNotConfigurable {
		t.Errorf("egress that is not configurable: got %v", err)
	}
}

func TestPermissionsAreLimited(t *testing.T) {
	g, _ := newTestGrants(t, grantsManifest)
	groups := bytes.Repeat([]byte(`{"key":"a","description":"b","configured":[]},`), 2000)
	payload := append(append([]byte(`{"egresses":[`), groups[:len(groups)-1]...), "]}"...)
	if !json.Valid(payload) || len(payload) <= maxPermissionPayload {
		t.Fatal("the payload of the test is not valid JSON above the limit")
	}
	if _, err := g.command(true, "egressSet", payload, true); err == nil || !strings.Contains(err.Error(), "this host accepts 65536") {
		t.Errorf("many groups: got %v", err)
	}
	long := "https://example.com/" + strings.Repeat("a", maxSource)
	group := `{"egresses":[{"key":"a","description":"b","configured":[{"domain":"` + long + `","type":["IMAGES"]}]}]}`
	if _, err := g.command(true, "egressSet", []byte(group), true); err == nil {
		t.Error("a long domain was accepted")
	}
	remote := `{"remotes":[{"key":"own","configured":{"endpoint":"` + long + `"}}]}`
	if _, err := g.command(true, "remoteSet", []byte(remote), true); err == nil {
		t.Error("a long endpoint was accepted")
	}
	if err := g.change(Input{External: &External{List: "images", Address: long, Granted: true}}); err == nil {
		t.Error("a long address was accepted")
	}
	for i := range maxExternal + 1 {
		address := fmt.Sprintf("https://a%d.example", i)
		err := g.change(Input{External: &External{List: "images", Address: address, Granted: true}})
		if (err == nil) != (i < maxExternal) {
			t.Fatalf("address %d: got %v", i, err)
		}
	}
}
