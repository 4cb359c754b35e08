package installation

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

var app = New(&manifest.Manifest{
	AppID:   "ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555",
	Modules: []manifest.Module{{Type: "jira:issuePanel", Key: "panel"}, {Type: "macro", Key: "macro"}},
}, "http://127.0.0.1:4000", &Changes{})

func session(t *testing.T, dev manifest.DevContext, account, site string) *Session {
	t.Helper()
	s, err := app.Session(dev, account, site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestIDsAreStable checks the ids that hosts have always had. Remotes have stored data by them.
func TestIDsAreStable(t *testing.T) {
	s := session(t, manifest.DevContext{}, "", "")
	for name, id := range map[string][2]string{
		"installation": {s.InstallationID, "ari:cloud:ecosystem::installation/9cdc93df-6ef5-41d9-8c07-93bffed6b551"},
		"cloud":        {s.CloudID, "7284c209-3c17-4606-860e-8e0f148c03d5"},
		"workspace":    {s.WorkspaceID, "{dec9832d-8617-467b-a94a-8e52ef173a7a}"},
		"environment":  {s.EnvironmentUUID, "81a37ed1-c82c-4afd-8c7c-76228c51a228"},
		"account":      {s.Account.ID, "712020:17896af9-fa26-4e1b-b9ed-97c6cbd1513d"},
	} {
		if id[0] != id[1] {
			t.Errorf("the %s is %s, want %s", name, id[0], id[1])
		}
	}
}

func TestIDsDiffer(t *testing.T) {
	first, second := session(t, manifest.DevContext{}, "1", "1"), session(t, manifest.DevContext{}, "2", "2")
	other, err := New(&manifest.Manifest{AppID: app.manifest.AppID + "x"}, "", &Changes{}).Session(manifest.DevContext{}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for name, s := range map[string]*Session{"the first": first, "the second": second, "another app's": other} {
		for _, id := range []string{strings.TrimPrefix(s.InstallationID, "ari:cloud:ecosystem::installation/"), s.CloudID, strings.Trim(s.WorkspaceID, "{}"), strings.TrimPrefix(s.Account.ID, "712020:")} {
			if of, ok := seen[id]; ok {
				t.Errorf("%s session and %s session both have the id %s", name, of, id)
			}
			seen[id] = name
		}
	}
	if first.EnvironmentID != second.EnvironmentID {
		t.Error("the sites have different environments; they have the same app")
	}
	if api := second.APIBaseURL(Jira); !strings.HasSuffix(api, second.CloudID) {
		t.Errorf("the address of the second site's API is %s", api)
	}
}

func TestDefaultAccountsAndSites(t *testing.T) {
	var got []any
	for _, a := range app.Accounts(manifest.DevContext{}) {
		got = append(got, a.Number, a.Name, a.Admin)
	}
	for _, s := range app.Sites(manifest.DevContext{}) {
		got = append(got, s.Number, s.Name)
	}
	text, err := json.Marshal(got)
	if want := `[1,"Administrator",true,2,"User",false,3,"Second user",false,1,"Site",2,"Second site"]`; err != nil || string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestSession(t *testing.T) {
	dev := manifest.DevContext{
		Accounts: []manifest.DevAccount{{Name: "Agent", ID: "712020:agent"}, {Name: "Other"}},
		Sites:    []manifest.DevSite{{Name: "Paying", License: map[string]any{"active": true}}, {Name: "Other"}},
		License:  map[string]any{"active": false},
	}
	s := session(t, dev, "1", "1")
	if s.Account.ID != "712020:agent" || s.Site.License["active"] != true {
		t.Errorf("the first session is %+v, %+v", s.Account, s.Site)
	}
	s = session(t, dev, "2", "2")
	if s.Account != (Account{Number: 2, ID: accountID(app.manifest.AppID, 2), Name: "Other"}) || s.Site.License["active"] != false {
		t.Errorf("the second session is %+v, %+v", s.Account, s.Site)
	}
	for _, number := range []string{"0", "3", "-1", "x", "1.0", "99999999999999999999"} {
		for what, try := range map[string]func() (*Session, error){
			"account": func() (*Session, error) { return app.Session(dev, number, "1") },
			"site":    func() (*Session, error) { return app.Session(dev, "1", number) },
		} {
			if s, err := try(); err == nil || !strings.Contains(err.Error(), "There is no "+what+" \""+number) || !strings.Contains(err.Error(), "from 1 to 2") {
				t.Errorf("%s %q: got %v, %v", what, number, s, err)
			}
		}
	}
}

func TestContextOfForgegoYML(t *testing.T) {
	dev := manifest.DevContext{
		Extension: map[string]any{"issue": map[string]any{"key": "REAL-7", "fields": map[string]any{"a": 1.0}}, "project": nil, "list": []any{"x"}},
		Modules: map[string]manifest.DevModule{"panel": {LocalID: "local", Extension: map[string]any{
			"issue": map[string]any{"fields": map[string]any{"b": 2.0}}, "list": []any{}, "isNewToIssue": true}}},
		License: map[string]any{"active": true},
	}
	text := func(module string) string {
		t.Helper()
		m, err := app.Module(module)
		if err != nil {
			t.Fatal(err)
		}
		c := session(t, dev, "", "2").Context(m, "")
		text, err := json.Marshal([]any{c.LocalID, c.License, c.Extension})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for range 2 { // The first call must not change forgego.yml's own values.
		if got, want := text("panel"), `["local",{"active":true},{"isNewToIssue":true,"issue":{"fields":{"a":1,"b":2},"id":"10001","key":"REAL-7","type":"Task","typeId":"10002"},`+
			`"list":[],"location":"http://127.0.0.1:4000/?module=panel\u0026site=2","project":null,"type":"jira:issuePanel"}]`; got != want {
			t.Errorf("the panel's context has\n%s, want\n%s", got, want)
		}
	}
	if got, want := text("macro"), `{"config":{},"content":{"id":"98305","subtype":null,"type":"page"},"isEditing":false,"issue":{"fields":{"a":1},"key":"REAL-7"},"list":["x"],`+
		`"location":"http://127.0.0.1:4000/?module=macro\u0026site=2","project":null,"references":[],"space":{"id":"65538","key":"DEMO"},"type":"macro"}]`; !strings.HasSuffix(got, want) {
		t.Errorf("the macro's context has\n%s, want\n%s", got, want)
	}
}
