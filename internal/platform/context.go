package platform

type object = map[string]any

// Merge sets the members of a context, or of a part of it, to those of another object. If both have an object as a member,
// it merges them. It does not change from, and into has no part of it.
func Merge(into, from map[string]any) {
	for name, value := range from {
		if members, ok := value.(object); ok {
			own, ok := into[name].(object)
			if !ok {
				own = object{}
			}
			Merge(own, members)
			value = own
		}
		into[name] = value
	}
}

// ExtensionOf returns example data of the place where modules of a type are shown: the member extension of a context. For
// other types it returns an empty object.
//
// Sources: the section "Extension context" of each page below
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
func ExtensionOf(moduleType string) map[string]any {
	project := object{"id": "10000", "key": "DEMO", "type": "software"}
	issue := object{"id": "10001", "key": "DEMO-1", "type": "Task", "typeId": "10002"}
	space := object{"id": "65538", "key": "DEMO"}
	content := object{"id": "98305", "type": "page", "subtype": nil}
	switch moduleType {
	case "jira:issuePanel":
		return object{"issue": issue, "project": project, "isNewToIssue": false}
	case "jira:issueContext", "jira:issueGlance", "jira:issueActivity", "jira:issueAction":
		return object{"issue": issue, "project": project}
	case "jira:customField", "jira:customFieldType":
		return object{"issue": issue, "project": project, "fieldId": "customfield_10020", "fieldValue": nil, "renderContext": "issue-view", "experience": "issue-view"}
	case "action":
		return object{"data": object{"inputs": object{}}}
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
