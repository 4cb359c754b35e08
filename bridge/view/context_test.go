package view_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/view"
)

const fullContext = `{
	"accountId": "a", "cloudId": "c", "workspaceId": "w", "environmentId": "e", "environmentType": "PRODUCTION",
	"localId": "l", "locale": "en_UK", "moduleKey": "m", "siteUrl": "https://example.atlassian.net", "timezone": "Asia/Tokyo",
	"extension": {"type": "macro", "modal": {"task": 42}},
	"license": {"active": true, "isEvaluation": true, "type": "commercial", "billingPeriod": "monthly", "ccpEntitlementId": "i",
		"ccpEntitlementSlug": "s", "subscriptionEndDate": "2027-01-01", "trialEndDate": null, "supportEntitlementNumber": null, "modes": ["USER_ACCESS"]},
	"theme": {"colorMode": "dark", "contrastMode": "auto", "light": "light", "dark": "dark", "shape": "shape", "spacing": "spacing", "typography": "t"},
	"surfaceColor": "#1f1f21", "userAccess": {"enabled": true, "hasAccess": true},
	"permissions": {"scopes": ["read:jira-work"], "external": {"images": ["*"]}},
	"remoteInstallationRegion": "EU", "later": [1]}`

func checkCalls(t *testing.T, host *stubhost.Host, want ...string) {
	t.Helper()
	if got := host.Calls(); !slices.Equal(got, want) {
		t.Errorf("the host got\n%q, want\n%q", got, want)
	}
}

func contextOf(t *testing.T, answer string) (*view.Context, error) {
	t.Helper()
	host := &stubhost.Host{}
	if answer != "" {
		host.Answers = map[string]string{"getContext": answer}
	}
	defer checkCalls(t, host, "getContext")
	return view.GetContext(host.Context(t))
}

func TestGetContext(t *testing.T) {
	got, err := contextOf(t, fullContext)
	if err != nil {
		t.Fatal(err)
	}
	want := &view.Context{
		AccountID: "a", CloudID: "c", WorkspaceID: "w", EnvironmentID: "e", Environment: view.Production,
		LocalID: "l", Locale: "en-GB", ModuleKey: "m", SiteURL: "https://example.atlassian.net", Timezone: "Asia/Tokyo",
		Extension: view.Extension{Type: "macro", Raw: json.RawMessage(`{"type": "macro", "modal": {"task": 42}}`)},
		License: &view.License{Active: true, IsEvaluation: true, Type: "commercial", BillingPeriod: "monthly", CCPEntitlementID: "i",
			CCPEntitlementSlug: "s", SubscriptionEndDate: "2027-01-01", Modes: []string{"USER_ACCESS"}},
		Theme:        &view.Theme{ColorMode: "dark", ContrastMode: "auto", Light: "light", Dark: "dark", Shape: "shape", Spacing: "spacing", Typography: "t"},
		SurfaceColor: "#1f1f21", UserAccess: &view.UserAccess{Enabled: true, HasAccess: true},
		Permissions:              &view.Permissions{Scopes: json.RawMessage(`["read:jira-work"]`), External: json.RawMessage(`{"images": ["*"]}`)},
		RemoteInstallationRegion: "EU",
		Rest:                     map[string]json.RawMessage{"later": json.RawMessage("[1]")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	var modal struct{ Task int }
	if ok, err := got.Extension.Decode("modal", &modal); !ok || err != nil || modal.Task != 42 {
		t.Errorf("extension.modal is %+v, %v, %v", modal, ok, err)
	}
	if ok, err := got.Extension.Decode("issue", &modal); ok || err != nil {
		t.Errorf("extension.issue: %v, %v", ok, err)
	}
	if ok, err := got.Extension.Decode("type", &modal); !ok || !errors.Is(err, bridge.ErrInvalidResponse) {
		t.Errorf("extension.type in another type: %v, %v", ok, err)
	}
}

// Each form of an extension is kept for Decode, and a Context can be written and read again.
func TestExtension(t *testing.T) {
	for name, tt := range map[string]struct {
		extension string
		want      view.Extension
		rest      bool
	}{
		"without a type":         {`{"issue":{}}`, view.Extension{Raw: json.RawMessage(`{"issue":{}}`)}, false},
		"a type in another form": {`{"type":7}`, view.Extension{Raw: json.RawMessage(`{"type":7}`)}, false},
		"null":                   {`null`, view.Extension{}, false},
		"a text":                 {`"macro"`, view.Extension{}, true},
		"a list":                 {`[]`, view.Extension{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := contextOf(t, `{"extension":`+tt.extension+`}`)
			if err != nil || !reflect.DeepEqual(got.Extension, tt.want) || (got.Rest["extension"] != nil) != tt.rest {
				t.Fatalf("got %+v, %v", got, err)
			}
			var again view.Extension
			if text, err := json.Marshal(tt.want); err != nil || json.Unmarshal(text, &again) != nil || again.Type != tt.want.Type {
				t.Errorf("written as %s, %v, and read as %+v", text, err, again)
			}
			if found, err := (view.Extension{Raw: json.RawMessage("7")}).Decode("issue", new(int)); found || !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("an extension that is no object: %v, %v", found, err)
			}
		})
	}
}

// A context is read as far as possible.
func TestGetContextUnexpectedTypes(t *testing.T) {
	got, err := contextOf(t, `{"localId": 7, "theme": "dark", "surfaceColor": null, "license": null, "moduleKey": "m"}`)
	if err != nil {
		t.Fatal(err)
	}
	want := &view.Context{ModuleKey: "m", Rest: map[string]json.RawMessage{"localId": json.RawMessage("7"), "theme": json.RawMessage(`"dark"`)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, answer := range []string{"", "null", `"text"`, "[]"} {
		if c, err := contextOf(t, answer); !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("%q returns %+v, %v", answer, c, err)
		}
	}
}

func TestLocale(t *testing.T) {
	for _, c := range []struct{ host, want string }{
		{"en-US", "en-US"}, {"de", "de-DE"}, {"nb_NO", "no-NO"}, {"pt", "pt-PT"}, {"zh_Hans_CN", "zh_Hans_CN"}, {"xx", "xx"}, {"", ""},
	} {
		t.Run(c.host, func(t *testing.T) {
			got, err := contextOf(t, `{"locale":"`+c.host+`"}`)
			if err != nil || got.Locale != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
