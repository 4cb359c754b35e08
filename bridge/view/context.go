package view

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/locale"
)

// Context is where the app is shown, and to whom. A string is empty, and a pointer nil, if the host gives none.
//
// Sources: apis-reference/ui-api-bridge/view; EnvironmentID, EnvironmentType, WorkspaceID and the fields from Theme on are
// in @forge/bridge 7.2.0 only.
type Context struct {
	// AccountID is the Atlassian id of the user.
	AccountID string
	// CloudID names the site of the installation, WorkspaceID the workspace in Bitbucket.
	CloudID, WorkspaceID string
	// EnvironmentID is the app's environment, and EnvironmentType is "DEVELOPMENT", "STAGING" or "PRODUCTION".
	EnvironmentID, EnvironmentType string
	// LocalID is unique to this instance of the app in the content.
	LocalID string
	// Locale is the user's, such as "en-US": the one of those that Forge supports that the host's means, and else the
	// host's as it is.
	Locale string
	// ModuleKey is the module's key in manifest.yml.
	ModuleKey string
	// SiteURL is the site of the installation, such as "https://example.atlassian.net".
	SiteURL string
	// Timezone is the user's, such as "Europe/Berlin".
	Timezone string
	// Extension is what the module's place says of itself.
	Extension Extension
	// License is there for paid apps in production only.
	License *License
	// Theme is the product's theme.
	Theme *Theme
	// SurfaceColor is the color, in CSS, of what the app is drawn on.
	SurfaceColor string
	// UserAccess says whether the user may use the app, where that is decided for each user.
	UserAccess *UserAccess
	// Permissions are those that the app has been granted.
	Permissions *Permissions
	// RemoteInstallationRegion is where the app's remote keeps the installation's data.
	RemoteInstallationRegion string
	// Rest has the members that no field has: those that Forge has added since, and those of another type than Forge
	// documents, by their names.
	Rest map[string]json.RawMessage
}

// Extension has the members of a context's extension by their names: "type" and what the module's page of the manifest
// reference lists.
type Extension map[string]json.RawMessage

// Decode reads the member of that name into v, as encoding/json does, and says whether there is one.
func (e Extension) Decode(name string, v any) (bool, error) {
	raw, ok := e[name]
	if !ok {
		return false, nil
	}
	return true, payload.ReadAs("view.getContext", raw, v)
}

// License is an app's license. Dates are as the host gives them; empty if there is none.
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

// Theme is a product's theme. The fields but ColorMode are names of themes, which Atlassian may change at any time.
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

// UserAccess says whether access is decided for each user, and whether this one has it.
type UserAccess struct {
	Enabled   bool `json:"enabled"`
	HasAccess bool `json:"hasAccess"`
}

// Permissions are an app's as manifest.yml has them, in JSON. Package permissions reads them.
type Permissions struct {
	Scopes   json.RawMessage `json:"scopes"`
	External json.RawMessage `json:"external"`
}

// GetContext gives where the app is shown, and to whom.
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

// UnmarshalJSON reads a context as the host gives it. A member of another type than its field's goes to Rest.
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

// read leaves the field as it is if the member does not fit it.
func read(member json.RawMessage, field interface{ set(json.RawMessage) error }) bool {
	return field.set(member) == nil
}

// fields leads from a member's name to its field.
func (c *Context) fields() map[string]interface{ set(json.RawMessage) error } {
	return map[string]interface{ set(json.RawMessage) error }{
		"accountId":                target[string]{&c.AccountID},
		"cloudId":                  target[string]{&c.CloudID},
		"workspaceId":              target[string]{&c.WorkspaceID},
		"environmentId":            target[string]{&c.EnvironmentID},
		"environmentType":          target[string]{&c.EnvironmentType},
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
