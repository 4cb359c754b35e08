//go:build !tinygo

package hosttest

const needsHeight = "The height of a macro must be a text with a whole number that is greater than 0."

// products are the commands of the bridges for single products that answer without a user.
var products = []exchanges{
	{"Jira refreshes the issue", []exchange{{command: "refreshIssueView", answer: "true"}}},
	{"the dialog of an issue needs its key", []exchange{
		{command: "openIssueViewModal", payload: `{"data":{"context":{}}}`, code: invalid, message: "The dialog of an issue needs an issueKey."},
		{command: "openIssueViewModal", payload: `{"data":{"context":{"issueKey":""}}}`, code: invalid},
		{command: "openIssueViewModal", payload: `{"data":{"context":{"issueKey":7}}}`, code: invalid},
		{command: "openIssueViewModal", payload: `{}`, code: invalid},
		{command: "openIssueViewModal", code: invalid},
	}},
	{"the form of a workflow rule needs a function", []exchange{
		{command: "setWorkflowRuleConfigurationCallback", payload: `{"data":{}}`, code: invalid, message: "workflowRules.onConfigure needs a function."},
		{command: "setWorkflowRuleConfigurationCallback", code: invalid},
	}},
	{"a macro has a height", []exchange{
		{command: "setMacroViewportHeight", payload: `"200"`, answer: "true"},
		{command: "setMacroViewportHeight", payload: `"0"`, code: invalid, message: needsHeight},
		{command: "setMacroViewportHeight", payload: `"-1"`, code: invalid, message: needsHeight},
		{command: "setMacroViewportHeight", payload: `"1.5"`, code: invalid, message: needsHeight},
		{command: "setMacroViewportHeight", payload: `"high"`, code: invalid, message: needsHeight},
		{command: "setMacroViewportHeight", payload: `200`, code: invalid, message: needsHeight},
		{command: "setMacroViewportHeight", code: invalid, message: needsHeight},
	}},
}
