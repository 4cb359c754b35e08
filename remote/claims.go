package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Claims are what a verified FIT says, or a token that an [Exchange] gave for one. Fields that a token may leave out have
// the zero value then.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/
type Claims struct {
	// ID is jti, a different text for each token.
	ID string `json:"jti"`
	// IssuedAt, NotBefore and ExpiresAt are iat, nbf and exp; the first two are zero if the token has none.
	IssuedAt  time.Time `json:"-"`
	NotBefore time.Time `json:"-"`
	ExpiresAt time.Time `json:"-"`

	App App `json:"app"`
	// Context is where in the product the call was made; nil unless a page of the app made it.
	Context *Context `json:"context"`
	// Principal is the account id of the user; empty for calls without one, and where Atlassian gives none, as by
	// requestRemote. See [Claims.AccountID].
	Principal string `json:"principal"`
	// ICLabel names the isolated cloud that the call comes from; empty for the commercial cloud.
	ICLabel string `json:"icLabel"`

	// Exchanged says that the token is one that an [Exchange] gave, not a FIT: the platform has vouched for the caller when
	// it was given, at IssuedAt, and not since. ID and the times are those of the exchanged token.
	Exchanged bool `json:"-"`

	// Raw is the whole JSON object, for claims that have no field here. No name stands twice in any object of it. Do not
	// change it: Extension.Raw is a part of it.
	Raw json.RawMessage `json:"-"`

	registered registered
}

// App is the app and where it is installed.
type App struct {
	// ID is the app's ARI, the one that [New] was given.
	ID string `json:"id"`
	// Version is the version that was called, such as "2.0.0".
	Version string `json:"appVersion"`
	// MajorVersion is app.version, such as "2". Atlassian is taking it away: use Version.
	MajorVersion string `json:"version,omitempty"`
	// APIBaseURL is the base of the product's REST API for this installation.
	APIBaseURL     string       `json:"apiBaseUrl"`
	InstallationID string       `json:"installationId"`
	Installation   Installation `json:"installation"`
	Environment    Environment  `json:"environment"`
	Module         Module       `json:"module"`
	// License is nil for free apps and, as a rule, outside production.
	License *License `json:"license"`
}

// Installation is one installation of the app.
type Installation struct {
	ID       string                `json:"id"`
	Contexts []InstallationContext `json:"contexts"`
}

// InstallationContext is a product that the app is installed in.
type InstallationContext struct {
	// Name is the product, such as "jira" or "confluence".
	Name       string `json:"name"`
	APIBaseURL string `json:"apiBaseUrl"`
	// CloudID is set for Jira and Confluence, WorkspaceID for Bitbucket.
	CloudID     string `json:"cloudId"`
	WorkspaceID string `json:"workspaceId"`
}

// Environment is the environment that the app runs in.
type Environment struct {
	// Type is [Development], [Staging] or [Production].
	Type string `json:"type"`
	// ID is an ARI. There can be several environments of the type Development.
	ID string `json:"id"`
}

// The types of environments of an app.
//
// Source: developer.atlassian.com/platform/forge/environments-and-versions/
const (
	Development = "DEVELOPMENT"
	Staging     = "STAGING"
	Production  = "PRODUCTION"
)

// Module is the module of the manifest that made the call.
type Module struct {
	// Type is the module's type, such as "xen:macro", or "core:endpoint"; see [Extension.Type] for the module whose page
	// made the call.
	Type string `json:"type"`
	Key  string `json:"key"`
}

// License is the state of a paid app's license.
type License struct {
	Active bool `json:"active"`
	// Type is COMMERCIAL, COMMUNITY, ACADEMIC, DEVELOPER or another; Atlassian writes it in either case.
	Type         string `json:"type"`
	IsEvaluation bool   `json:"isEvaluation"`
	// BillingPeriod is such as "MONTHLY".
	BillingPeriod string `json:"billingPeriod"`
	// CapabilitySet is capabilityStandard or capabilityAdvanced.
	CapabilitySet string `json:"capabilitySet"`
	// SubscriptionEndDate and TrialEndDate are zero if the license has none, or if the date cannot be read.
	SubscriptionEndDate Date   `json:"subscriptionEndDate"`
	TrialEndDate        Date   `json:"trialEndDate"`
	CCPEntitlementID    string `json:"ccpEntitlementId"`
	CCPEntitlementSlug  string `json:"ccpEntitlementSlug"`
	// Modes are further ways to judge the license, such as USER_ACCESS.
	Modes []string `json:"modes"`
}

// Date is a time in a license. Atlassian documents it as ISO 8601, which is wider than what [time.Time] reads, and a
// date must not lock a customer out: one that cannot be read is zero.
type Date struct{ time.Time }

// UnmarshalJSON never fails.
func (d *Date) UnmarshalJSON(data []byte) error {
	*d = Date{}
	if text, err := jsontext.AppendUnquote(nil, data); err == nil {
		d.Time = parseDate(string(text))
	}
	return nil
}

// parseDate is zero if the text is no date.
func parseDate(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// MarshalJSON gives what UnmarshalJSON reads; null if the date is zero.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return d.Time.MarshalJSON()
}

// Context is the place in the product where a page of the app made the call.
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

// Extension is what the product says about the place: the issue, the page, the space.
type Extension struct {
	// Type is the module's type, such as "jira:issuePanel".
	Type string
	// Raw is the whole JSON object; what else it holds depends on the type. Nil if the token has none.
	Raw json.RawMessage
}

// UnmarshalJSON keeps the object and its type. A name that stands twice in an object is an error.
func (e *Extension) UnmarshalJSON(data []byte) error {
	*e = Extension{}
	var member struct {
		Type string `json:"type"`
	}
	if unmarshal(data, &member) != nil {
		return errors.New("remote: extension is not a JSON object without repeated names, or its type is not text")
	}
	if string(data) != "null" {
		e.Type, e.Raw = member.Type, bytes.Clone(data)
	}
	return nil
}

// MarshalJSON gives the object back that UnmarshalJSON was given.
func (e Extension) MarshalJSON() ([]byte, error) {
	if e.Raw != nil {
		return e.Raw, nil
	}
	return json.Marshal(map[string]string{"type": e.Type})
}

// InstallationID is the ARI of the installation that the call comes from, never empty in verified claims. Key what you
// store by it: it keeps customers apart. It changes when the app is installed anew.
func (c *Claims) InstallationID() string {
	if c.App.InstallationID != "" {
		return c.App.InstallationID
	}
	return c.App.Installation.ID
}

// AccountID is the account id of the user who made the call: the principal, or else the context's. Empty if the token
// names nobody.
func (c *Claims) AccountID() string {
	if c.Principal == "" && c.Context != nil {
		return c.Context.AccountID
	}
	return c.Principal
}

// CloudID is the id of the site: the context's, or else that of the first product of the installation that has one.
// Empty in Bitbucket.
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

// Environment is the type of the environment that the app runs in: [Development], [Staging] or [Production].
func (c *Claims) Environment() string { return c.App.Environment.Type }

// License is the state of the app's license, nil if the token has none: for free apps and, as a rule, outside production.
// An app that must be paid for asks whether it is there and active:
//
//	if l := claims.License(); claims.Environment() == remote.Production && (l == nil || !l.Active) { … }
func (c *Claims) License() *License { return c.App.License }
