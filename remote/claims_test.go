package remote

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestClaims(t *testing.T) {
	license := object{
		"active": true, "type": "commercial", "isEvaluation": true, "billingPeriod": "MONTHLY", "capabilitySet": "capabilityAdvanced",
		"subscriptionEndDate": "2026-12-08T00:00:00.000Z", "trialEndDate": "2027-06-08T01:00:00.000+0100",
		"ccpEntitlementId": "e-1", "ccpEntitlementSlug": "E-1", "supportEntitlementNumber": nil, "modes": []string{"USER_ACCESS"},
	}
	changes := object{"icLabel": "orange", "app": fitApp(object{"license": license})}
	c, err := newVerifier(t, WithIsolatedClouds("https://keys.example.com/{IC_LABEL}/jwks.json")).Verify(t.Context(), fit(changes))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"jti", c.ID, "d0c1b2a39485762534435261708f9eadbccbdaf0"},
		{"iat", c.IssuedAt.Equal(testNow), true},
		{"nbf", c.NotBefore.Equal(testNow), true},
		{"exp", c.ExpiresAt.Sub(testNow), 25 * time.Second},
		{"app.id", c.App.ID, testApp},
		{"app.version", c.App.MajorVersion, "2"},
		{"Environment", c.Environment(), Development},
		{"License", c.License(), c.App.License},
		{"app.appVersion", c.App.Version, "2.1.0"},
		{"app.apiBaseUrl", c.App.APIBaseURL, "https://api.atlassian.com/ex/jira/cloud-1"},
		{"app.environment", c.App.Environment, Environment{"DEVELOPMENT", "ari:cloud:ecosystem::environment/a/b"}},
		{"app.module", c.App.Module, Module{"core:endpoint", "tasks-endpoint"}},
		{"app.installation.contexts", c.App.Installation.Contexts[0], InstallationContext{Name: "bitbucket", WorkspaceID: "w-1"}},
		{"license.active", c.App.License.Active, true},
		{"license.type", c.App.License.Type, "commercial"},
		{"license.isEvaluation", c.App.License.IsEvaluation, true},
		{"license.billingPeriod", c.App.License.BillingPeriod, "MONTHLY"},
		{"license.capabilitySet", c.App.License.CapabilitySet, "capabilityAdvanced"},
		{"license.subscriptionEndDate", c.App.License.SubscriptionEndDate.Equal(time.Date(2026, 12, 8, 0, 0, 0, 0, time.UTC)), true},
		{"license.trialEndDate", c.App.License.TrialEndDate.Equal(time.Date(2027, 6, 8, 0, 0, 0, 0, time.UTC)), true},
		{"license.ccpEntitlementSlug", c.App.License.CCPEntitlementSlug, "E-1"},
		{"license.modes", c.App.License.Modes[0], "USER_ACCESS"},
		{"context.siteUrl", c.Context.SiteURL, "https://tasks.atlassian.net"},
		{"context.moduleKey", c.Context.ModuleKey, "tasks-panel"},
		{"context.extension.type", c.Context.Extension.Type, "jira:issuePanel"},
		{"context.extension", string(c.Context.Extension.Raw), `{"issue":{"key":"TASK-1"},"type":"jira:issuePanel"}`},
		{"principal", c.Principal, "655362:aaaa"},
		{"icLabel", c.ICLabel, "orange"},
		{"aud and iss", c.registered.Audience[0] + c.registered.Issuer, testApp + issuer},
		{"raw", string(c.Raw), toJSON(fitClaims(changes))},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %v; want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestClaimsAccessors(t *testing.T) {
	inContext := &Context{AccountID: "user", CloudID: "site"}
	installed := App{Installation: Installation{ID: "i", Contexts: []InstallationContext{{WorkspaceID: "w"}, {CloudID: "first"}, {CloudID: "second"}}}}
	for _, tt := range []struct {
		name                         string
		claims                       Claims
		installation, account, cloud string
	}{
		{"no claims", Claims{}, "", "", ""},
		{"both installation ids", Claims{App: App{InstallationID: "old", Installation: Installation{ID: "new"}}}, "old", "", ""},
		{"context of a page", Claims{App: installed, Context: inContext}, "i", "user", "site"},
		{"principal first", Claims{Principal: "p", Context: inContext}, "", "p", "site"},
		{"no context", Claims{App: installed, Principal: "p"}, "i", "p", "first"},
		{"context without a site", Claims{App: installed, Context: &Context{}}, "i", "", "first"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.claims.InstallationID(); got != tt.installation {
				t.Errorf("InstallationID = %q; want %q", got, tt.installation)
			}
			if got := tt.claims.AccountID(); got != tt.account {
				t.Errorf("AccountID = %q; want %q", got, tt.account)
			}
			if got := tt.claims.CloudID(); got != tt.cloud {
				t.Errorf("CloudID = %q; want %q", got, tt.cloud)
			}
		})
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2026, 12, 8, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-12-08T00:00:00.000Z"`:     day,
		`"2026-12-08T02:00:00+02:00"`:    day,
		`"2026-12-08T00:00:00.000+0000"`: day,
		`"2026-12-08"`:                   day,
		`"soon"`:                         {},
		`null`:                           {},
		`7`:                              {},
		`{"a":1}`:                        {},
	} {
		date := Date{testNow}
		if err := json.Unmarshal([]byte(text), &date); err != nil || !date.Equal(want) {
			t.Errorf("json.Unmarshal(%s) = %v, %v; want %v", text, date, err, want)
		}
	}
}

// Claims that were read can be written again, for code that stores them or passes them on.
func TestMarshalClaims(t *testing.T) {
	for _, tt := range []struct {
		name  string
		value any
		want  string
	}{
		{"date", Date{time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)}, `"2027-01-02T03:04:05Z"`},
		{"no date", Date{}, `null`},
		{"extension", Extension{Type: "macro", Raw: []byte(`{"type":"macro","id":1}`)}, `{"type":"macro","id":1}`},
		{"extension without Raw", Extension{Type: "macro"}, `{"type":"macro"}`},
	} {
		if got := toJSON(tt.value); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.name, got, tt.want)
		}
	}
}

func TestDecodeExtension(t *testing.T) {
	e := Extension{Type: "macro", Raw: []byte(`{"type":"macro","issue":{"key":"TASK-7"},"Issue":1,"secret":"abc"}`)}
	for _, tt := range []struct {
		name, member string
		from         Extension
		key          string
		found        bool
		problem      string
	}{
		{"there", "issue", e, "TASK-7", true, ""},
		{"missing", "space", e, "", false, ""},
		{"no extension", "issue", Extension{}, "", false, ""},
		{"another type", "secret", e, "", true, `remote: the member "secret" of the extension does not fit a *struct { Key string "json:\"key\"" }`},
		{"not an object", "issue", Extension{Raw: []byte(`[]`)}, "", false, "remote: the extension is not a JSON object, or repeats a name"},
	} {
		var issue struct {
			Key string `json:"key"`
		}
		found, err := tt.from.Decode(tt.member, &issue)
		if found != tt.found || issue.Key != tt.key || (err == nil) != (tt.problem == "") || err != nil && err.Error() != tt.problem {
			t.Errorf("%s: %v, %q, %v", tt.name, found, issue.Key, err)
		}
	}
}

// Member names match only in the same case, and a repeated name is an error. This also holds for encoding/json.
func TestUnmarshalExtension(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		ok         bool
	}{
		{`{"type":"macro","TYPE":"evil"}`, "macro", true},
		{`{"Type":"macro"}`, "", true},
		{`null`, "", true},
		{`{"type":"macro","type":"evil"}`, "", false},
		{`{"type":"macro","issue":{"id":"1","id":"2"}}`, "", false},
		{`{"type":7}`, "", false},
		{`["macro"]`, "", false},
		{`{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, "", false},
	} {
		var c Claims
		err := json.Unmarshal([]byte(`{"context":{"extension":`+tt.text+`}}`), &c)
		if (err == nil) != tt.ok {
			t.Errorf("%.60s: error %v; want success %v", tt.text, err, tt.ok)
		}
		if err == nil && c.Context.Extension.Type != tt.want {
			t.Errorf("%.60s: type %q; want %q", tt.text, c.Context.Extension.Type, tt.want)
		}
	}
}
