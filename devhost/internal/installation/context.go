package installation

import "github.com/forgego/forgego/internal/manifest"

// Development is the type of the installation's environment.
const Development = "DEVELOPMENT"

// Context is what view.getContext returns to an app, and the context claim of a token. The claim has no locale and no
// timezone. The answer to the page adds them, because they depend on the user. There is no license, because Atlassian
// returns none in development environments.
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
}

// Context returns the context in which a module runs.
func (i *Installation) Context(m manifest.Module) Context {
	c := Context{
		AccountID:       i.AccountID,
		EnvironmentID:   i.EnvironmentUUID,
		EnvironmentType: Development,
		LocalID:         i.LocalID(m.Key),
		ModuleKey:       m.Key,
		SiteURL:         i.SiteURL,
		Extension:       extensionOf(m.Type),
	}
	if ProductOf(m.Type) == Bitbucket {
		c.WorkspaceID = i.WorkspaceID
	} else {
		c.CloudID = i.CloudID
	}
	c.Extension["type"] = m.Type
	c.Extension["location"] = i.SiteURL + "/?module=" + m.Key
	return c
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
