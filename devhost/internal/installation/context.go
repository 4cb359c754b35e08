package installation

import (
	"cmp"
	"fmt"

	"github.com/forgego/forgego/internal/manifest"
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
		Extension:       extensionOf(m.Type),
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
	merge(c.Extension, s.dev.Extension)
	merge(c.Extension, s.dev.Modules[m.Key].Extension)
	c.Extension["type"] = m.Type
	return c
}

// merge sets the members of an object to those of another one. If both have an object as a member, it merges them. It does
// not change from.
func merge(into, from object) {
	for name, value := range from {
		if members, ok := value.(object); ok {
			own, ok := into[name].(object)
			if !ok {
				own = object{}
			}
			merge(own, members)
			value = own
		}
		into[name] = value
	}
}

type object = map[string]any

// extensionOf returns example data of the place where modules of a type are shown. For other types it returns an empty
// object.
//
// Sources: the section "Extension context" of each page below
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
func extensionOf(moduleType string) object {
	project := object{"id": "10000", "key": "DEMO", "type": "software"}
	issue := object{"id": "10001", "key": "DEMO-1", "type": "Task", "typeId": "10002"}
	space := object{"id": "65538", "key": "DEMO"}
	content := object{"id": "98305", "type": "page", "subtype": nil}
	switch moduleType {
	case "jira:issuePanel":
		return object{"issue": issue, "project": project, "isNewToIssue": false}
	case "jira:issueContext", "jira:issueGlance", "jira:issueActivity", "jira:issueAction":
		return object{"issue": issue, "project": project}
	case "jira:projectPage", "jira:projectSettingsPage":
		return object{"project": project}
	case "jira:dashboardGadget":
		return object{"dashboard": object{"id": "10003"}, "gadget": object{"id": "10004"}, "gadgetConfiguration": object{}}
	case "macro":
		return object{"content": content, "space": space, "isEditing": false, "references": []any{}, "config": object{}}
	case "confluence:contentAction", "confluence:contentBylineItem", "confluence:contextMenu", "confluence:pageBanner":
		return object{"content": content, "space": space}
	case "confluence:spacePage", "confluence:spaceSettings":
		return object{"space": space}
	}
	return object{}
}
