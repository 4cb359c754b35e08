package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
)

// jiraState is what the commands of package jira keep. The host's lock guards it.
type jiraState struct {
	dialogs    []*IssueDialog
	configure  func(...any) *Reply
	form       *Form
	fieldValue json.RawMessage // nil if the place shows no custom field
	fields     []func(...any) *Reply
}

var jiraCommands = map[string]command{
	"openIssueViewModal": func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		shown := membersOf(membersOf(membersOf(payload)["data"])["context"])
		key, ok := shown.text("issueKey")
		if !ok || key == "" {
			return nil, refuse(invalidRequest, "The dialog of an issue needs an issueKey.")
		}
		w.host.openIssueDialog(&IssueDialog{IssueKey: key, host: w.host, onClose: callbacks["data.onClose"]})
		return true, nil
	},
	"openIssueCreateModal": func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		values := membersOf(membersOf(payload)["data"])["context"]
		w.host.openIssueDialog(&IssueDialog{Values: slices.Clone(values), host: w.host, onClose: callbacks["data.onClose"]})
		return true, nil
	},
	"setWorkflowRuleConfigurationCallback": func(_ context.Context, w *Window, _ json.RawMessage, callbacks Callbacks) (any, error) {
		f := callbacks["data.onConfigure"]
		if f == nil {
			return nil, refuse(invalidRequest, "workflowRules.onConfigure needs a function.")
		}
		w.host.mu.Lock()
		defer w.host.mu.Unlock()
		w.host.jira.configure = f
		return true, nil
	},
	"refreshIssueView": answering(true),
	"getCustomFieldInternalAPI": func(_ context.Context, w *Window, _ json.RawMessage, _ Callbacks) (any, error) {
		h := w.host
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.jira.fieldValue == nil {
			return nil, unprepared(notPrepared, "no custom field", "Host.SetFieldValue")
		}
		return Object{Methods: map[string]Function{
			"actions.onFieldDataChange": func(_ context.Context, _ json.RawMessage, callbacks Callbacks) (any, error) {
				f := callbacks["0"]
				if f == nil {
					return nil, refuse(invalidRequest, "customFieldApi.getFieldData needs a function.")
				}
				h.mu.Lock()
				h.jira.fields = append(h.jira.fields, f)
				value := h.jira.fieldValue
				h.mu.Unlock()
				f(fieldData(value))
				return nil, nil
			},
		}}, nil
	},
}

func fieldData(value json.RawMessage) any { return map[string]json.RawMessage{"fieldValue": value} }

// IssueDialog is a dialog of Jira that the app has opened by package jira: it shows an issue, or creates issues.
type IssueDialog struct {
	// IssueKey is the key of the issue that it shows, or "" if it creates issues.
	IssueKey string
	// Values are those with which it starts to create an issue, as a JSON object. They are nil if it shows an issue.
	Values json.RawMessage

	host    *Host
	onClose func(...any) *Reply
}

func (h *Host) openIssueDialog(d *IssueDialog) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jira.dialogs = append(h.jira.dialogs, d)
	close(h.opened)
	h.opened = make(chan struct{})
}

// IssueDialog returns the dialog of Jira that is open, the topmost if there are several. If there is none, it waits
// until the app opens one, for up to 10 s; then it fails t. Code that waits for the dialog must run in another
// goroutine meanwhile:
//
//	go func() { created <- addTask(ctx) }()
//	host.IssueDialog(t).Create("10042")
//
// In an example, pass nil.
func (h *Host) IssueDialog(t testing.TB) *IssueDialog {
	if t != nil {
		t.Helper()
	}
	timer := time.NewTimer(dialogTime)
	defer timer.Stop()
	for {
		h.mu.Lock()
		opened, open := h.opened, h.jira.dialogs
		h.mu.Unlock()
		if n := len(open); n > 0 {
			return open[n-1]
		}
		select {
		case <-opened:
		case <-h.ctx.Done():
			failNow(t, "bridgetest: the host is closed, so the app opens no dialog of Jira")
		case <-timer.C:
			failNow(t, fmt.Sprintf("bridgetest: the app has opened no dialog of Jira within %v; code that waits for a dialog must run in another goroutine", dialogTime))
		}
	}
}

// Create closes the dialog as a user does who has created issues, and passes their ids to the app. If the dialog shows
// an issue, the test fails.
func (d *IssueDialog) Create(issueIDs ...string) {
	if d.host.t != nil {
		d.host.t.Helper()
	}
	if d.IssueKey != "" {
		d.host.misuse("the dialog shows the issue %s, and creates none", d.IssueKey)
	}
	d.close(issueIDs)
}

// Close closes the dialog as a user does who has created no issue.
func (d *IssueDialog) Close() { d.close(nil) }

func (d *IssueDialog) close(issueIDs []string) {
	h := d.host
	h.mu.Lock()
	i := slices.Index(h.jira.dialogs, d)
	if i >= 0 {
		h.jira.dialogs = slices.Delete(slices.Clone(h.jira.dialogs), i, i+1)
	}
	h.mu.Unlock()
	switch {
	case i < 0 || d.onClose == nil:
	case d.IssueKey != "":
		d.onClose()
	default:
		created := []map[string]string{}
		for _, id := range issueIDs {
			created = append(created, map[string]string{"issueId": id})
		}
		d.onClose(map[string]any{"payload": created})
	}
}

// SaveWorkflowRule saves the form of a workflow rule, as the buttons Add and Update do: it calls the handler of
// jira.OnConfigure, and returns the configuration as JSON. It is nil if the handler keeps the form open. Without a
// handler the test fails.
func (h *Host) SaveWorkflowRule(ctx context.Context) (config json.RawMessage, err error) {
	if h.t != nil {
		h.t.Helper()
	}
	h.mu.Lock()
	configure := h.jira.configure
	h.mu.Unlock()
	if configure == nil {
		h.misuse("the app has not called jira.OnConfigure")
	}
	result, err := configure().Wait(ctx)
	if err != nil || result == nil {
		return nil, err
	}
	var text string
	if err := json.Unmarshal(result, &text); err != nil {
		return nil, fmt.Errorf("the configuration is no text: %s", result)
	}
	return json.RawMessage(text), nil
}

// SetFieldValue shows the app as a custom field with this value, which is encoded by encoding/json, and passes it to
// the handlers of jira.OnFieldData. A handler that is set later gets the value at once.
func (h *Host) SetFieldValue(value any) {
	if h.t != nil {
		h.t.Helper()
	}
	data, err := json.Marshal(value)
	if err != nil {
		h.misuse("the value of the field: %v", err)
	}
	h.mu.Lock()
	h.jira.fieldValue = data
	fields := h.jira.fields
	h.mu.Unlock()
	for _, f := range fields {
		f(fieldData(data))
	}
}
