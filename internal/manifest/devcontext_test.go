package manifest

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const contextDev = `context:
  accounts:
    - name: Agent
      id: "712020:agent"
    - name: Admin
      admin: true
  sites:
    - name: Paying
      license:
        active: true
        type: COMMERCIAL
        trialEndDate: 2027-06-08T00:00:00.000Z
        supportEntitlementNumber: null
        modes: [USER_ACCESS]
    - name: Other
  license: {active: false}
  extension:
    issue:
      key: REAL-7
  modules:
    tasks-panel:
      localId: "1"
      extension: {isNewToIssue: true}
`

func TestLoadDevContext(t *testing.T) {
	d, err := LoadDev(app(t, "manifest.yml", tasks, "forgego.yml", contextDev))
	if err != nil {
		t.Fatal(err)
	}
	want := DevContext{
		Accounts: []DevAccount{{ID: "712020:agent", Name: "Agent"}, {Name: "Admin", Admin: true}},
		Sites: []DevSite{{Name: "Paying", License: map[string]any{"active": true, "type": "COMMERCIAL", "trialEndDate": "2027-06-08T00:00:00.000Z",
			"supportEntitlementNumber": nil, "modes": []any{"USER_ACCESS"}}}, {Name: "Other"}},
		License:   map[string]any{"active": false},
		Extension: map[string]any{"issue": map[string]any{"key": "REAL-7"}},
		Modules:   map[string]DevModule{"tasks-panel": {LocalID: "1", Extension: map[string]any{"isNewToIssue": true}}},
	}
	if !reflect.DeepEqual(d.Context, want) {
		t.Errorf("got %+v\nwant %+v", d.Context, want)
	}
}

func TestLoadDevContextErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, place, msg, fix string }{
		{"not a mapping", contextDev, "context: [a]\n", "1:1", "context must be a mapping", "indented key"},
		{"an unknown key", "  accounts:", "  users:", "2:3", `unknown key "users"`, "accounts, sites, license, extension, modules"},
		{"an unknown key of an account", "admin: true", "administrator: true", "6:7", `unknown key "administrator"`, "id, name, admin"},
		{"an account that is a text", "- name: Agent\n      id: \"712020:agent\"", "- Agent", "3:7", "it needs id or name or admin", "name: …"},
		{"an account without a name", "- name: Admin\n      admin", "- admin", "5:7", "the account has no name", "name: …"},
		{"an account with an empty name", "name: Admin", `name: " "`, "5:7", "the account has no name", "name: …"},
		{"two accounts with one name", "name: Admin", "name: Agent", "5:7", `another account has the name "Agent"`, "its own name"},
		{"two accounts with one id", "admin: true", `id: "712020:agent"`, "6:7", `another account has the id "712020:agent"`, "its own id"},
		{"an account whose id is a number", `"712020:agent"`, "7", "4:7", "the id of an account must be a text", "in quotes"},
		{"an admin that is a text", "admin: true", "admin: yes", "6:7", "admin is neither true nor false", "true or false"},
		{"no accounts", "accounts:\n    - name: Agent\n      id: \"712020:agent\"\n    - name: Admin\n      admin: true", "accounts: []", "2:3", "must be a list with at least one account", "- name: …"},
		{"an unknown key of a site", "- name: Other", "- url: Other", "15:7", `unknown key "url"`, "name, license"},
		{"two sites with one name", "name: Other", "name: Paying", "15:7", `another site has the name "Paying"`, "its own name"},
		{"an unknown key of a license", "type: COMMERCIAL", "kind: COMMERCIAL", "11:9", `unknown key "kind"`, "active"},
		{"a license that is a text", "license: {active: false}", "license: active", "16:3", "it needs active", "active: …"},
		{"a flag of a license as a text", "active: true", "active: on", "10:9", "active is neither true nor false", "true or false"},
		{"a flag of a license without a value", "{active: false}", "{active: null}", "16:13", "active is neither true nor false", "true or false"},
		{"a text of a license as a number", "type: COMMERCIAL", "type: 7", "11:9", "type of a license must be a text", "in quotes"},
		{"a date of a license without a time", "2027-06-08T00:00:00.000Z", "2027-06-08", "12:9", "trialEndDate of a license is not a date and time", "2027-06-08T00:00:00.000Z"},
		{"modes of a license as a text", "[USER_ACCESS]", "USER_ACCESS", "14:9", "modes of a license must be a list", "[USER_ACCESS]"},
		{"modes of a license as numbers", "[USER_ACCESS]", "[7]", "14:9", "modes of a license must be a list", "[USER_ACCESS]"},
		{"an extension that is a list", "extension:\n    issue:\n      key: REAL-7", "extension: [issue]", "17:3", "extension must be a mapping", "REAL-7"},
		{"the type of an extension", "{isNewToIssue: true}", "{type: macro}", "23:19", "the type in extension cannot be changed", "manifest.yml"},
		{"modules as a list", "modules:\n    tasks-panel:\n      localId: \"1\"\n      extension: {isNewToIssue: true}", "modules: [panel]", "20:3", "the modules of context must be a mapping", "module key"},
		{"an unknown module", "    tasks-panel:", "    panels:", "21:5", `manifest.yml has no UI module "panels"`, "tasks-panel"},
		{"an unknown key of a module", "localId:", "localID:", "22:7", `unknown key "localID"`, "localId, extension"},
		{"a localId that is a number", `localId: "1"`, "localId: 1", "22:7", `the localId of module "tasks-panel" must be a text`, "in quotes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(contextDev, c.old) != 1 {
				t.Fatalf("%q occurs %d times in the file, want once", c.old, strings.Count(contextDev, c.old))
			}
			dir := app(t, "manifest.yml", tasks, "forgego.yml", strings.Replace(contextDev, c.old, c.new, 1))
			_, err := LoadDev(dir)
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), filepath.Join(dir, "forgego.yml")+":"+c.place+":") || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %q with the advice %q, got:\n%v", c.place, c.fix, e)
			}
		})
	}
}

// The host keeps data for each site, and the page lists all accounts.
func TestLoadDevContextLimits(t *testing.T) {
	for what, limit := range map[string]int{"account": maxAccounts, "site": MaxSites} {
		text := "context:\n  " + what + "s:\n"
		for i := range limit + 2 {
			text += fmt.Sprintf("    - name: n%d\n", i)
		}
		_, err := LoadDev(app(t, "manifest.yml", tasks, "forgego.yml", text))
		if e := findFault(t, err, fmt.Sprintf("context has more than %d %ss", limit, what)); e.Line != 2+limit+1 {
			t.Errorf("got:\n%v", e)
		}
	}
}
