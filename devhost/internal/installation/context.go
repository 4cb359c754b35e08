package installation

import (
	"cmp"
	"fmt"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Development is the type of the installation's environment.
const Development = "DEVELOPMENT"

// Context is what view.getContext returns to an app, and the context claim of a token. The claim has no license, locale and
// timezone. The answer to the page adds the last two, because they depend on the user.
//
// Source: https://developer.atlassian.com/platform/forge/custom-ui-bridge/view/
type Context struct {
	AccountID       string         `json:"accountId"`
	CloudID         string         `json:"cloudId,omitempty"`
	WorkspaceID     string         `json:"workspaceId,omitempty"`
	EnvironmentID   string         `json:"environmentId"`
	EnvironmentType string         `json:"environmentType"`
	LocalID         string         `json:"localId"`
	ModuleKey       string         `json:"moduleKey"`
	SiteURL         string         `json:"siteUrl"`
	Extension       map[string]any `json:"extension"`
	// License is nil unless forgego.yml has one: Atlassian returns none in development environments.
	License map[string]any `json:"license,omitempty"`
}

// Context returns the context in which a module runs.
func (s *Session) Context(m manifest.Module) Context {
	c := Context{
		AccountID:       s.Account.ID,
		EnvironmentID:   s.EnvironmentUUID,
		EnvironmentType: Development,
		LocalID:         cmp.Or(s.dev.Modules[m.Key].LocalID, s.localID(m.Key)),
		ModuleKey:       m.Key,
		SiteURL:         s.SiteURL,
		Extension:       platform.ExtensionOf(m.Type),
		License:         s.Site.License,
	}
	if ProductOf(m.Type) == Bitbucket {
		c.WorkspaceID = s.WorkspaceID
	} else {
		c.CloudID = s.CloudID
	}
	// The location has no account: a place is the same for all users.
	c.Extension["location"] = s.SiteURL + "/?module=" + m.Key
	if s.Site.Number > 1 {
		c.Extension["location"] = fmt.Sprintf("%s/?module=%s&site=%d", s.SiteURL, m.Key, s.Site.Number)
	}
	platform.Merge(c.Extension, s.dev.Extension)
	platform.Merge(c.Extension, s.dev.Modules[m.Key].Extension)
	c.Extension["type"] = m.Type
	return c
}
