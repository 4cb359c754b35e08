package jira

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// OpenIssue opens a dialog that shows the issue with this key, such as "FT-3", and returns when it is open. onClose,
// which may be nil, is called once, when the dialog closes, but not after ctx has ended. To wait until the dialog
// closes, use [ViewIssue].
//
// An empty key returns [bridge.ErrInvalidRequest]. If Jira cannot open the dialog, OpenIssue returns [ErrNotOpened].
//
// It is new ViewIssueModal({context: {issueKey}, onClose}).open(). Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/viewIssueModal/
func OpenIssue(ctx context.Context, issueKey string, onClose func(ctx context.Context) error) error {
	const op = "ViewIssueModal.open"
	if issueKey == "" {
		return payload.InvalidRequest(op, "the key of the issue is missing")
	}
	shown := struct {
		IssueKey string `json:"issueKey"`
	}{issueKey}
	return openDialog(ctx, op, "openIssueViewModal", shown, func(ctx context.Context, _ []byte) error {
		if onClose == nil {
			return nil
		}
		return onClose(ctx)
	})
}

// ViewIssue opens a dialog that shows the issue with this key, and waits until it closes. If ctx ends first, ViewIssue
// returns and the dialog stays open. Errors are those of [OpenIssue].
func ViewIssue(ctx context.Context, issueKey string) error {
	closed := make(chan struct{})
	err := OpenIssue(ctx, issueKey, func(context.Context) error {
		close(closed)
		return nil
	})
	if err != nil {
		return err
	}
	select {
	case <-closed:
		return nil
	case <-ctx.Done():
		return payload.Failed(ctx, "ViewIssueModal.open", context.Cause(ctx))
	}
}

// IssueValues are the values with which the dialog for a new issue starts. All are optional. The ids are those of Jira's
// REST API.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/createIssueModal/
type IssueValues struct {
	ProjectID, IssueTypeID string
	// RequestType is a request type of Jira Service Management, such as "jism/newaccount".
	RequestType string
	// ParentID is the id of the epic.
	ParentID string
	Summary  string
	// Description and Environment are in the Atlassian Document Format. They are encoded by encoding/json.
	Description, Environment any
	// AssigneeID and ReporterID are account ids.
	AssigneeID, ReporterID string
	Labels                 []string
	// DueDate has the form 2006-01-02.
	DueDate    string
	PriorityID string
	// ComponentIDs, VersionIDs and FixVersionIDs are lists of ids; VersionIDs are the affected versions.
	ComponentIDs, VersionIDs, FixVersionIDs []string
	// Custom has the values of custom fields by their ids, such as "customfield_10010". They are encoded by
	// encoding/json. A group is its id; a user is an account id, a name or an email address.
	Custom map[string]any
}

// CreatedIssue is an issue that the user has created in the dialog.
type CreatedIssue struct {
	// ID is the issue's id, such as "10042". It is not the key.
	ID string `json:"issueId"`
}

// OpenCreateIssue opens a dialog to create an issue, and returns when it is open. onClose, which may be nil, is called
// once, when the dialog closes, with the issues that the user has created, but not after ctx has ended. If the host
// passes something else, err is [bridge.ErrInvalidResponse]. To wait until the dialog closes, use [CreateIssue].
//
// A value that JSON cannot represent returns [bridge.ErrInvalidRequest]. If Jira cannot open the dialog,
// OpenCreateIssue returns [ErrNotOpened].
//
// It is new CreateIssueModal({context, onClose}).open(). Source:
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/createIssueModal/
func OpenCreateIssue(ctx context.Context, issue IssueValues, onClose func(ctx context.Context, created []CreatedIssue, err error) error) error {
	const op = "CreateIssueModal.open"
	members, err := issue.members(op)
	if err != nil {
		return err
	}
	return openDialog(ctx, op, "openIssueCreateModal", members, func(ctx context.Context, arguments []byte) error {
		if onClose == nil {
			return nil
		}
		created, err := readCreated(op, arguments)
		return onClose(ctx, created, err)
	})
}

// CreateIssue opens a dialog to create an issue, waits until it closes, and returns the issues that the user has
// created. If ctx ends first, CreateIssue returns and the dialog stays open. Errors are those of [OpenCreateIssue].
func CreateIssue(ctx context.Context, issue IssueValues) ([]CreatedIssue, error) {
	type result struct {
		created []CreatedIssue
		err     error
	}
	closed := make(chan result, 1)
	err := OpenCreateIssue(ctx, issue, func(_ context.Context, created []CreatedIssue, err error) error {
		closed <- result{created, err}
		return nil
	})
	if err != nil {
		return nil, err
	}
	select {
	case r := <-closed:
		return r.created, r.err
	case <-ctx.Done():
		return nil, payload.Failed(ctx, "CreateIssueModal.open", context.Cause(ctx))
	}
}

// members returns the values that are set by their names in Jira.
func (v IssueValues) members(op string) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	for name, value := range v.Custom {
		text, err := payload.JSON(op, value)
		if err != nil {
			return nil, err
		}
		if text != nil {
			members[name] = text
		}
	}
	for name, value := range map[string]any{
		"projectId": orNil(v.ProjectID), "issueTypeId": orNil(v.IssueTypeID), "requestType": orNil(v.RequestType),
		"parentId": orNil(v.ParentID), "summary": orNil(v.Summary), "description": v.Description, "environment": v.Environment,
		"assignee": orNil(v.AssigneeID), "reporter": orNil(v.ReporterID), "labels": listOrNil(v.Labels), "duedate": orNil(v.DueDate),
		"priority": orNil(v.PriorityID), "components": listOrNil(v.ComponentIDs), "versions": listOrNil(v.VersionIDs),
		"fixVersions": listOrNil(v.FixVersionIDs),
	} {
		text, err := payload.JSON(op, value)
		if err != nil {
			return nil, err
		}
		if text != nil {
			members[name] = text
		}
	}
	return members, nil
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func listOrNil(list []string) any {
	if list == nil {
		return nil
	}
	return list
}

// readCreated reads the argument of onClose.
func readCreated(op string, arguments []byte) ([]CreatedIssue, error) {
	var list []struct {
		Payload *[]CreatedIssue `json:"payload"`
	}
	if err := payload.ReadAs(op, arguments, &list); err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].Payload == nil {
		return nil, payload.Invalid(op, "the host did not say which issues were created")
	}
	return *list[0].Payload, nil
}

// openDialog sends a command that opens a dialog. It calls closed when the dialog closes.
func openDialog(ctx context.Context, op, command string, shown any, closed func(ctx context.Context, arguments []byte) error) error {
	type data struct {
		Context any `json:"context"`
	}
	argument, err := payload.JSON(op, struct {
		Data data `json:"data"`
	}{data{shown}})
	if err != nil {
		return err
	}
	over := make(chan struct{})
	var once sync.Once
	onClose := func(ctx context.Context, arguments []byte) (result []byte, err error) {
		once.Do(func() {
			defer close(over)
			err = closed(ctx, arguments)
		})
		return nil, err
	}
	answer, object, err := bridge.FromContext(ctx).CallWithFunctions(ctx, op, bridge.Call{Command: command, Payload: argument},
		handler.Answer(ctx, "data.onClose", onClose))
	if err != nil {
		return err
	}
	if payload.False(answer) {
		object.Release()
		return &bridge.Error{Op: op, Err: ErrNotOpened}
	}
	go usercode.Run(func() {
		select {
		case <-over:
		case <-ctx.Done():
		}
		object.Release()
	})
	return nil
}
