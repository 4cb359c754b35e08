package platform

import "errors"

// SetView sets the members of a context's extension that differ between the views of a module. view is the name of the view in
// the manifest, or empty for the resource of the module itself. isNew says that nothing has been saved yet. Nothing is
// documented for other types of modules.
//
// Sources: jira-custom-field, jira-custom-field-type, jira-dashboard-gadget and macro, and for actions automation-action, below
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
func SetView(extension map[string]any, moduleType, view string, isNew bool) {
	switch moduleType {
	case "jira:customField", "jira:customFieldType":
		extension["entryPoint"] = view
		if view == "contextConfig" {
			for _, name := range []string{"fieldValue", "issue", "project", "renderContext", "experience"} {
				delete(extension, name)
			}
			extension["configurationId"], extension["configuration"] = 1, nil
		}
	case "jira:dashboardGadget":
		extension["entryPoint"] = "view"
		if view != "" {
			extension["entryPoint"] = view
		}
	case "macro":
		if view == "config" {
			extension["isEditing"] = true
			extension["macro"] = object{"isConfiguring": true, "isInserting": isNew}
		}
	}
}

// SavedMember returns the member of a context's extension that has what a view has saved, or "" if the view saves nothing, as
// far as is documented.
//
// Sources: those of SetView, https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/workflowRules/ and
// https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget-edit/. The member of a widget is
// not documented.
func SavedMember(moduleType, view string) string {
	switch moduleType + " " + view {
	case "jira:customField edit", "jira:customFieldType edit":
		return "fieldValue"
	case "jira:customFieldType contextConfig":
		return "configuration"
	case "jira:dashboardGadget edit":
		return "gadgetConfiguration"
	case "jira:workflowValidator create", "jira:workflowValidator edit":
		return "validatorConfig"
	case "jira:workflowCondition create", "jira:workflowCondition edit":
		return "conditionConfig"
	case "jira:workflowPostFunction create", "jira:workflowPostFunction edit":
		return "postFunctionConfig"
	case "macro config", "dashboards:widget edit":
		return "config"
	case "action config":
		return "data"
	}
	return ""
}

// SavedValue returns the value of the member SavedMember(moduleType, view), after the view has submitted a payload.
func SavedValue(moduleType, view string, payload any) (any, error) {
	members, isObject := payload.(object)
	switch member := SavedMember(moduleType, view); {
	case moduleType == "macro":
		config, ok := members["config"].(object)
		if !ok {
			return nil, errors.New("view.submit of a macro's configuration needs an object with the member config, which is an object")
		}
		return config, nil
	case member == "configuration":
		configuration, ok := members["configuration"]
		if !ok {
			return nil, errors.New("view.submit of a field's context configuration needs an object with the member configuration")
		}
		return configuration, nil
	case (member == "gadgetConfiguration" || member == "config") && !isObject:
		return nil, errors.New("the configuration that is submitted must be an object")
	case member == "data":
		return object{"inputs": payload}, nil
	}
	return payload, nil
}
