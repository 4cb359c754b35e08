package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Claims holds the claims of a verified FIT or of a verified token of an [Exchange]. A field is zero if the token does not
// have its claim.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/
type Claims struct {
	// ID is jti, which differs from token to token.
	ID string `json:"jti"`
	// IssuedAt, NotBefore and ExpiresAt are iat, nbf and exp; the first two are zero if the token has none.
	IssuedAt  time.Time `json:"-"`
	NotBefore time.Time `json:"-"`
	ExpiresAt time.Time `json:"-"`

	App App `json:"app"`
	// Context is the place in the product where the call was made. It is nil unless a page of the app made the call.
	Context *Context `json:"context"`
	// Principal is the user's account id. It is empty for calls without a user, and if Atlassian does not send it, as for
	// requestRemote. See [Claims.AccountID].
	Principal string `json:"principal"`
	// ICLabel names the isolated cloud that the call comes from. It is empty for the commercial cloud.
	ICLabel string `json:"icLabel"`

	// Exchanged reports whether the token is from an [Exchange] and not a FIT. The platform vouched for the caller at
	// IssuedAt, when the token was issued, and not since. ID and the times are those of the exchanged token.
	Exchanged bool `json:"-"`

	// Raw is the whole JSON object, for claims that have no field here. No object in it has a name twice. Do not change it.
	Raw json.RawMessage `json:"-"`

	registered registered
}

// App describes the app and its installation.
type App struct {
	// ID is the app's ARI, as passed to [New].
	ID string `json:"id"`
	// Version is the version that was called, such as "2.0.0".
	Version string `json:"appVersion"`
	// MajorVersion is app.version, such as "2". Atlassian is going to remove it: use Version.
	MajorVersion string `json:"version,omitempty"`
	// APIBaseURL is the base of the product's REST API for this installation.
	APIBaseURL     string       `json:"apiBaseUrl"`
	InstallationID string       `json:"installationId"`
	Installation   Installation `json:"installation"`
	Environment    Environment  `json:"environment"`
	Module         Module       `json:"module"`
	// License is nil for free apps and usually outside production.
	License *License `json:"license"`
}

// Installation is one installation of the app.
type Installation struct {
	ID       string                `json:"id"`
	Contexts []InstallationContext `json:"contexts"`
}

// InstallationContext describes a product that the app is installed in.
type InstallationContext struct {
	// Name is the product, such as "jira" or "confluence".
	Name       string `json:"name"`
	APIBaseURL string `json:"apiBaseUrl"`
	// CloudID is set for Jira and Confluence, WorkspaceID for Bitbucket.
	CloudID     string `json:"cloudId"`
	WorkspaceID string `json:"workspaceId"`
}

// Environment describes the environment that the app runs in.
type Environment struct {
	// Type is [Development], [Staging] or [Production].
	Type string `json:"type"`
	// ID is an ARI. An app can have several environments of the type Development.
	ID string `json:"id"`
}

// The types of an app's environments.
//
// Source: https://developer.atlassian.com/platform/forge/environments-and-versions/
const (
	Development = "DEVELOPMENT"
	Staging     = "STAGING"
	Production  = "PRODUCTION"
)

// Module is the module of the manifest that made the call.
type Module struct {
	// Type is the module's type, such as "xen:macro" or "core:endpoint". [Extension.Type] names the module whose page made
	// the call.
	Type string `json:"type"`
	Key  string `json:"key"`
}

// License is the state of a paid app's license.
type License struct {
	Active bool `json:"active"`
	// Type is COMMERCIAL, COMMUNITY, ACADEMIC, DEVELOPER or another. Atlassian uses both upper and lower case.
	Type         string `json:"type"`
	IsEvaluation bool   `json:"isEvaluation"`
	// BillingPeriod is, for example, "MONTHLY".
	BillingPeriod string `json:"billingPeriod"`
	// CapabilitySet is capabilityStandard or capabilityAdvanced.
	CapabilitySet string `json:"capabilitySet"`
	// SubscriptionEndDate and TrialEndDate are zero if the license does not have them or they cannot be parsed.
	SubscriptionEndDate Date   `json:"subscriptionEndDate"`
	TrialEndDate        Date   `json:"trialEndDate"`
	CCPEntitlementID    string `json:"ccpEntitlementId"`
	CCPEntitlementSlug  string `json:"ccpEntitlementSlug"`
	// Modes lists further modes of the license, such as USER_ACCESS.
	Modes []string `json:"modes"`
}

// Date is a time in a license. Atlassian documents it as ISO 8601, which allows more forms than [time.Time] parses. A date
// that cannot be parsed is zero, so that it does not lock a customer out.
type Date struct{ time.Time }

// UnmarshalJSON parses a date. It never returns an error.
func (d *Date) UnmarshalJSON(data []byte) error {
	*d = Date{}
	if text, err := jsontext.AppendUnquote(nil, data); err == nil {
		d.Time = parseDate(string(text))
	}
	return nil
}

// parseDate returns the zero time if text is not a date.
func parseDate(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// MarshalJSON returns the date in RFC 3339, or null if the date is zero.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return d.Time.MarshalJSON()
}

// Context describes the place in the product where a page of the app made the call.
type Context struct {
	// CloudID is set in Jira and Confluence, WorkspaceID in Bitbucket.
	CloudID         string    `json:"cloudId"`
	WorkspaceID     string    `json:"workspaceId"`
	SiteURL         string    `json:"siteUrl"`
	LocalID         string    `json:"localId"`
	ModuleKey       string    `json:"moduleKey"`
	EnvironmentID   string    `json:"environmentId"`
	EnvironmentType string    `json:"environmentType"`
	AccountID       string    `json:"accountId"`
	Extension       Extension `json:"extension"`
}

// Extension holds the product's data about the place: the issue, the page, the space. Package view has the same type for the
// context of a page.
type Extension struct {
	// Type is the module's type, such as "jira:issuePanel".
	Type string
	// Raw is the whole JSON object, whose members depend on Type. It is nil if the token has no extension.
	Raw json.RawMessage
}

// Decode decodes the member with that name into v, by the tags of encoding/json; names match only in the same case. It reports
// whether the member exists. The error does not contain its content.
//
//	var issue struct{ Key string `json:"key"` }
//	ok, err := claims.Context.Extension.Decode("issue", &issue)
func (e Extension) Decode(name string, v any) (bool, error) {
	if e.Raw == nil {
		return false, nil
	}
	var members map[string]json.RawMessage
	if unmarshal(e.Raw, &members) != nil {
		return false, errors.New("remote: the extension is not a JSON object, or repeats a name")
	}
	member, ok := members[name]
	if ok && unmarshal(member, v) != nil {
		return true, fmt.Errorf("remote: the member %q of the extension does not fit a %T", name, v)
	}
	return ok, nil
}

// UnmarshalJSON keeps the object and its type. It returns an error if an object has a name twice.
func (e *Extension) UnmarshalJSON(data []byte) error {
	*e = Extension{}
	var member struct {
		Type string `json:"type"`
	}
	if unmarshal(data, &member) != nil {
		return errors.New("remote: extension is not a JSON object, repeats a name, or has a type that is not a string")
	}
	if string(data) != "null" {
		e.Type, e.Raw = member.Type, bytes.Clone(data)
	}
	return nil
}

// MarshalJSON returns Raw, or an object with Type if Raw is nil.
func (e Extension) MarshalJSON() ([]byte, error) {
	if e.Raw != nil {
		return e.Raw, nil
	}
	return json.Marshal(map[string]string{"type": e.Type})
}

// InstallationID returns the ARI of the installation that the call comes from. It is never empty in verified claims. Use it
// as the key for what you store: it keeps customers apart. It changes when the app is installed again.
func (c *Claims) InstallationID() string {
	if c.App.InstallationID != "" {
		return c.App.InstallationID
	}
	return c.App.Installation.ID
}

// AccountID returns the account id of the user who made the call: Principal, or else the context's. It returns "" if the
// token does not name a user.
func (c *Claims) AccountID() string {
	if c.Principal == "" && c.Context != nil {
		return c.Context.AccountID
	}
	return c.Principal
}

// CloudID returns the id of the site: the context's, or else that of the first product of the installation that has one. It
// returns "" in Bitbucket.
func (c *Claims) CloudID() string {
	if c.Context != nil && c.Context.CloudID != "" {
		return c.Context.CloudID
	}
	for _, product := range c.App.Installation.Contexts {
		if product.CloudID != "" {
			return product.CloudID
		}
	}
	return ""
}

// Environment returns the type of the environment that the app runs in: [Development], [Staging] or [Production].
func (c *Claims) Environment() string { return c.App.Environment.Type }

// License returns the state of the app's license. It returns nil if the token has none, as for free apps and usually outside
// production. A paid app checks that the license exists and is active:
//
//	if l := claims.License(); claims.Environment() == remote.Production && (l == nil || !l.Active) { … }
func (c *Claims) License() *License { return c.App.License }
