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

// Context returns the context in which a view of a module runs. The view is its name in the manifest, or empty for the
// resource of the module itself.
func (s *Session) Context(m manifest.Module, view string) Context {
	c := Context{
		AccountID:       s.Account.ID,
		EnvironmentID:   s.EnvironmentUUID,
		EnvironmentType: Development,
		LocalID:         cmp.Or(s.dev.Modules[m.Key].LocalID, s.localID(m.Key)),
		ModuleKey:       m.Key,
		SiteURL:         s.SiteURL,
		Extension:       s.extension(m, view),
		License:         s.Site.License,
	}
	if ProductOf(m.Type) == Bitbucket {
		c.WorkspaceID = s.WorkspaceID
	} else {
		c.CloudID = s.CloudID
	}
	s.Changes.apply(s.Site.Number, m.Key, &c)
	c.Extension["type"] = m.Type
	return c
}

// extension returns the extension of a context without the changes of it.
func (s *Session) extension(m manifest.Module, view string) map[string]any {
	extension := platform.ExtensionOf(m.Type)
	if _, ok := extension["fieldId"]; ok {
		extension["fieldType"] = s.localID(m.Key)
	}
	// The location has no account: a place is the same for all users.
	extension["location"] = s.SiteURL + "/?module=" + m.Key
	if s.Site.Number > 1 {
		extension["location"] = fmt.Sprintf("%s/?module=%s&site=%d", s.SiteURL, m.Key, s.Site.Number)
	}
	platform.SetView(extension, m.Type, view, !s.hasSaved(m, view))
	platform.Merge(extension, s.dev.Extension)
	platform.Merge(extension, s.dev.Modules[m.Key].Extension)
	return extension
}

// hasSaved reports whether a view has saved a value, or forgego.yml has one.
func (s *Session) hasSaved(m manifest.Module, view string) bool {
	member := platform.SavedMember(m.Type, view)
	_, global := s.dev.Extension[member]
	_, own := s.dev.Modules[m.Key].Extension[member]
	return global || own || s.Changes.has(s.Site.Number, m.Key, member)
}
