package view

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/nesting"
)

// Context says where the app is shown, and to which user. If the host does not send a value, a string is empty and a
// pointer is nil.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/view/ EnvironmentID,
// Environment, WorkspaceID and the fields from Theme on are in @forge/bridge 7.2.0 only.
type Context struct {
	// AccountID is the user's Atlassian account id.
	AccountID string
	// CloudID identifies the site of the installation, and WorkspaceID the workspace in Bitbucket.
	CloudID, WorkspaceID string
	// EnvironmentID is the id of the app's environment, and Environment is its type.
	EnvironmentID string
	Environment   Environment
	// LocalID is the unique id of this instance of the app in the content.
	LocalID string
	// Locale is the user's locale, such as "en-US": the matching locale that Forge supports, or else the host's value
	// unchanged.
	Locale string
	// ModuleKey is the module's key in manifest.yml.
	ModuleKey string
	// SiteURL is the site of the installation, such as "https://example.atlassian.net".
	SiteURL string
	// Timezone is the user's time zone, such as "Europe/Berlin".
	Timezone string
	// Extension is what the module's place adds to the context.
	Extension Extension
	// License is set only for paid apps in production.
	License *License
	// Theme is the product's theme.
	Theme *Theme
	// SurfaceColor is the CSS color of the surface on which the app is drawn.
	SurfaceColor string
	// UserAccess says whether the user may use the app, if access is decided for each user.
	UserAccess *UserAccess
	// Permissions are those that the app has been granted.
	Permissions *Permissions
	// RemoteInstallationRegion is the region in which the app's remote keeps the installation's data.
	RemoteInstallationRegion string
	// Rest has all other members by name: those that Forge has added since, and those whose type differs from Forge's
	// documentation.
	Rest map[string]json.RawMessage
}

// Extension is what the module's place adds to a context: the issue, the page, the space. Package remote has the same type
// for the context in a token.
type Extension struct {
	// Type is the module's type, such as "jira:issuePanel".
	Type string
	// Raw is the whole JSON object. The module's page in the manifest reference lists its members. It is nil if the host
	// sent none.
	Raw json.RawMessage
}

// Decode decodes the member with that name into v, as encoding/json does. It reports whether the member exists. If the
// member is not a v, it returns [bridge.ErrInvalidResponse].
func (e Extension) Decode(name string, v any) (bool, error) {
	member, err := e.member(name)
	if member == nil || err != nil {
		return false, err
	}
	return true, payload.ReadAs("view.getContext", member, v)
}

// member returns the JSON of a member, or nil if there is none.
func (e Extension) member(name string) (json.RawMessage, error) {
	if e.Raw == nil {
		return nil, nil
	}
	var members map[string]json.RawMessage
	err := payload.Read("view.getContext", e.Raw, &members)
	return members[name], err
}

// UnmarshalJSON keeps the object and reads its type. Anything but an object or null is an error.
func (e *Extension) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := nesting.UnmarshalShallow(data, &members); err != nil {
		return err
	}
	*e = Extension{}
	if members != nil {
		e.Raw = bytes.Clone(data)
		_ = nesting.UnmarshalShallow(members["type"], &e.Type) // a type in another form stays in Raw
	}
	return nil
}

// MarshalJSON returns Raw, or an object with Type if Raw is nil.
func (e Extension) MarshalJSON() ([]byte, error) {
	if e.Raw != nil {
		return e.Raw, nil
	}
	return nesting.Marshal(map[string]string{"type": e.Type})
}

// Environment is the type of one of the app's environments: environmentType of a context. Forge may add others.
type Environment string

// The environments.
const (
	Development Environment = "DEVELOPMENT"
	Staging     Environment = "STAGING"
	Production  Environment = "PRODUCTION"
)

// License is an app's license. Dates have the host's form, and are empty if there is none.
type License struct {
	Active                   bool     `json:"active"`
	IsEvaluation             bool     `json:"isEvaluation"`
	Type                     string   `json:"type"`
	BillingPeriod            string   `json:"billingPeriod"`
	CCPEntitlementID         string   `json:"ccpEntitlementId"`
	CCPEntitlementSlug       string   `json:"ccpEntitlementSlug"`
	SubscriptionEndDate      string   `json:"subscriptionEndDate"`
	TrialEndDate             string   `json:"trialEndDate"`
	SupportEntitlementNumber string   `json:"supportEntitlementNumber"`
	Modes                    []string `json:"modes"`
}

// Theme is a product's theme. All fields except ColorMode are names of themes, which Atlassian may change at any
// time.
type Theme struct {
	// ColorMode is "light", "dark" or "auto".
	ColorMode    string `json:"colorMode"`
	ContrastMode string `json:"contrastMode"`
	Light        string `json:"light"`
	Dark         string `json:"dark"`
	Shape        string `json:"shape"`
	Spacing      string `json:"spacing"`
	Typography   string `json:"typography"`
}

// UserAccess says whether access is decided for each user, and whether this user has access.
type UserAccess struct {
	Enabled   bool `json:"enabled"`
	HasAccess bool `json:"hasAccess"`
}

// Permissions are an app's permissions in the form of manifest.yml, as JSON. Package permissions reads them.
type Permissions struct {
	Scopes   json.RawMessage `json:"scopes"`
	External json.RawMessage `json:"external"`
}

// GetContext returns where the app is shown, and to which user.
//
// It is view.getContext.
func GetContext(ctx context.Context) (*Context, error) { return getContext(ctx, "view.getContext") }

func getContext(ctx context.Context, op string) (*Context, error) {
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "getContext"})
	if err != nil {
		return nil, err
	}
	var c *Context
	if err := payload.Read(op, answer.Payload, &c); err != nil {
		return nil, err
	}
	if c == nil {
		return nil, payload.Invalid(op, "the context is null")
	}
	return c, nil
}

// UnmarshalJSON reads a context in the host's form. A member whose type differs from its field's goes to Rest.
func (c *Context) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := nesting.UnmarshalShallow(data, &members); err != nil {
		return err
	}
	*c = Context{}
	fields := c.fields()
	for _, name := range slices.Collect(maps.Keys(members)) {
		if field, ok := fields[name]; ok && read(members[name], field) {
			delete(members, name)
		}
	}
	if len(members) > 0 {
		c.Rest = members
	}
	if l, ok := locale.Ensure(c.Locale); ok {
		c.Locale = l
	}
	return nil
}

// read decodes member into field. It leaves field unchanged if the member does not fit.
func read(member json.RawMessage, field interface{ set(json.RawMessage) error }) bool {
	return field.set(member) == nil
}

// fields maps member names to fields.
func (c *Context) fields() map[string]interface{ set(json.RawMessage) error } {
	return map[string]interface{ set(json.RawMessage) error }{
		"accountId":                target[string]{&c.AccountID},
		"cloudId":                  target[string]{&c.CloudID},
		"workspaceId":              target[string]{&c.WorkspaceID},
		"environmentId":            target[string]{&c.EnvironmentID},
		"environmentType":          target[Environment]{&c.Environment},
		"localId":                  target[string]{&c.LocalID},
		"locale":                   target[string]{&c.Locale},
		"moduleKey":                target[string]{&c.ModuleKey},
		"siteUrl":                  target[string]{&c.SiteURL},
		"timezone":                 target[string]{&c.Timezone},
		"extension":                target[Extension]{&c.Extension},
		"license":                  target[*License]{&c.License},
		"theme":                    target[*Theme]{&c.Theme},
		"surfaceColor":             target[string]{&c.SurfaceColor},
		"userAccess":               target[*UserAccess]{&c.UserAccess},
		"permissions":              target[*Permissions]{&c.Permissions},
		"remoteInstallationRegion": target[string]{&c.RemoteInstallationRegion},
	}
}

type target[T any] struct{ field *T }

func (t target[T]) set(member json.RawMessage) error {
	var value T
	if err := nesting.UnmarshalShallow(member, &value); err != nil {
		return err
	}
	*t.field = value
	return nil
}
