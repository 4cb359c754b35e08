// Package jira opens Jira's own dialogs, configures workflow rules, follows the value of a custom field and modifies
// Jira's forms. It is @forge/jira-bridge 0.40.1.
//
//	created, err := jira.CreateIssue(ctx, jira.IssueValues{ProjectID: "10001", Summary: "Buy milk"})
//
// UI modifications change the fields and tabs of a form. Each field type has a variable, by which values are typed:
//
//	err := jira.OnFormInit(ctx, func(ctx context.Context, form *jira.Form) error {
//		field, ok := form.Field("priority")
//		if !ok {
//			return nil
//		}
//		field.SetDescription("Ask before you choose the highest.")
//		return jira.PriorityField.Set(field, "2")
//	}, func(*jira.Form) []string { return []string{"priority"} })
//
// An error of a handler is shown as wasm.OnError says, and goes to Jira. The context of a handler ends when ctx ends
// and when stop is called.
//
// Calls use the client in ctx: see [bridge.NewContext]. Errors are a [*bridge.Error] with the operation's JavaScript
// name, such as "CreateIssueModal.open". Other errors are those of [bridge.Client]'s Call,
// [bridge.ErrInvalidRequest] for a value that JSON cannot represent, and [bridge.ErrInvalidResponse] for an answer in
// another form.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/bridge/
package jira
