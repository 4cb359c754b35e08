package devhost

import "github.com/forgego/forgego/internal/manifest"

const development = "DEVELOPMENT"

// moduleContext is what view.getContext gives an app, and the context claim of a token. The claim has no locale and no
// timezone; the answer to the page has them besides, because they are the user's. There is no license: Atlassian gives
// none in development environments.
// Source: custom-ui-bridge/view.
type moduleContext struct {
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

func (h *Host) contextOf(m manifest.Module) moduleContext {
	c := moduleContext{
		AccountID:       h.identity.accountID,
		EnvironmentID:   h.identity.environment,
		EnvironmentType: development,
		LocalID:         h.identity.localID(m.Key),
		ModuleKey:       m.Key,
		SiteURL:         h.product.origin,
		Extension:       extensionOf(m.Type),
	}
	if productOf(m.Type) == bitbucket {
		c.WorkspaceID = h.identity.workspaceID
	} else {
		c.CloudID = h.identity.cloudID
	}
	c.Extension["type"] = m.Type
	c.Extension["location"] = h.product.origin + "/?module=" + m.Key
	return c
}

type object = map[string]any

// extensionOf is the example data of the place where a module is shown; a type that is not here has none.
// Sources: the "Extension context" of each page below manifest-reference/modules.
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
