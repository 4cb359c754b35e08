package platform

import (
	"encoding/json"
	"testing"
)

func TestSavedValue(t *testing.T) {
	for _, c := range []struct{ moduleType, view, payload, member, want string }{
		{"jira:customField", "edit", `4`, "fieldValue", `4`},
		{"jira:customField", "edit", `null`, "fieldValue", `null`},
		{"jira:customField", "view", `4`, "", ""},
		{"jira:customFieldType", "contextConfig", `{"configuration": [1], "schema": {}}`, "configuration", `[1]`},
		{"jira:customFieldType", "contextConfig", `4`, "configuration", "error"},
		{"macro", "config", `{"config": {"a": 1}, "keepEditing": true}`, "config", `{"a":1}`},
		{"macro", "config", `{"a": 1}`, "config", "error"},
		{"macro", "config", `{"config": [1]}`, "config", "error"},
		{"macro", "", `{"config": {}}`, "", ""},
		{"jira:dashboardGadget", "edit", `{"refresh": 15}`, "gadgetConfiguration", `{"refresh":15}`},
		{"jira:dashboardGadget", "edit", `4`, "gadgetConfiguration", "error"},
		{"jira:workflowCondition", "create", `"{}"`, "conditionConfig", `"{}"`},
		{"jira:workflowPostFunction", "edit", `"{}"`, "postFunctionConfig", `"{}"`},
		{"action", "config", `{"a": 1}`, "data", `{"inputs":{"a":1}}`},
		{"dashboards:widget", "edit", `[]`, "config", "error"},
		{"dashboards:filter", "edit", `{}`, "", ""},
	} {
		if got := SavedMember(c.moduleType, c.view); got != c.member {
			t.Errorf("%s %s saves %q, want %q", c.moduleType, c.view, got, c.member)
		}
		if c.member == "" {
			continue
		}
		var payload any
		if err := json.Unmarshal([]byte(c.payload), &payload); err != nil {
			t.Fatal(err)
		}
		value, err := SavedValue(c.moduleType, c.view, payload)
		got := "error"
		if err == nil {
			text, _ := json.Marshal(value)
			got = string(text)
		}
		if got != c.want {
			t.Errorf("%s %s with %s saves %s, want %s", c.moduleType, c.view, c.payload, got, c.want)
		}
	}
}
