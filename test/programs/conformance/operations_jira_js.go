package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/bridge/jira"
)

// handler is a callback of a case: what it hears as, and what it returns.
type handler struct {
	Function string          `json:"$function"`
	Returns  json.RawMessage `json:"returns"`
	Fails    string          `json:"fails"`
}

// err returns the error of the handler, or nil.
func (h handler) err() error {
	if h.Fails == "" {
		return nil
	}
	return errors.New(h.Fails)
}

// jiraOperations are the operations of package jira, apart from those of forms.
var jiraOperations = map[string]operation{
	"ViewIssueModal":            viewIssue,
	"CreateIssueModal":          createIssue,
	"workflowRules.onConfigure": onConfigure,
	"refreshIssueView":          func(ctx context.Context, _ arguments) (any, error) { return done(jira.RefreshIssueView(ctx)) },
	"customFieldApi.getFieldData": func(ctx context.Context, args arguments) (any, error) {
		var h handler
		if err := args.read(0, &h); err != nil {
			return nil, err
		}
		_, err := jira.OnFieldData(ctx, func(_ context.Context, data jira.FieldData[json.RawMessage], err error) error {
			if err != nil {
				hear(h.Function, err.Error())
				return err
			}
			hear(h.Function, data)
			return h.err()
		})
		return done(err)
	},
}

// viewIssue returns a dialog, as new ViewIssueModal(options) does. In JavaScript the constructor checks the options.
func viewIssue(ctx context.Context, args arguments) (any, error) {
	var options struct {
		Context struct{ IssueKey string }
		OnClose *handler
	}
	if err := args.read(0, &options); err != nil {
		return nil, err
	}
	if options.Context.IssueKey == "" {
		return done(jira.OpenIssue(ctx, "", nil))
	}
	var onClose func(context.Context) error
	if h := options.OnClose; h != nil {
		onClose = func(context.Context) error {
			hear(h.Function)
			return h.err()
		}
	}
	return &object{value: "[ViewIssueModal]", methods: map[string]operation{
		".open": func(ctx context.Context, _ arguments) (any, error) {
			return done(jira.OpenIssue(ctx, options.Context.IssueKey, onClose))
		},
	}}, nil
}

func createIssue(_ context.Context, args arguments) (any, error) {
	var options struct {
		Context map[string]json.RawMessage
		OnClose *handler
	}
	if err := args.read(0, &options); err != nil {
		return nil, err
	}
	issue := jira.IssueValues{Custom: map[string]any{}}
	own := map[string]any{
		"projectId": &issue.ProjectID, "issueTypeId": &issue.IssueTypeID, "requestType": &issue.RequestType, "parentId": &issue.ParentID,
		"summary": &issue.Summary, "description": &issue.Description, "environment": &issue.Environment, "assignee": &issue.AssigneeID,
		"reporter": &issue.ReporterID, "labels": &issue.Labels, "duedate": &issue.DueDate, "priority": &issue.PriorityID,
		"components": &issue.ComponentIDs, "versions": &issue.VersionIDs, "fixVersions": &issue.FixVersionIDs,
	}
	for name, value := range options.Context {
		field, ok := own[name]
		if !ok {
			issue.Custom[name] = value
			continue
		}
		if err := json.Unmarshal(value, field); err != nil {
			return nil, err
		}
	}
	var onClose func(context.Context, []jira.CreatedIssue, error) error
	if h := options.OnClose; h != nil {
		onClose = func(_ context.Context, created []jira.CreatedIssue, err error) error {
			if err != nil {
				hear(h.Function, "(an error)")
				return nil
			}
			hear(h.Function, map[string]any{"payload": created})
			return h.err()
		}
	}
	return &object{value: "[CreateIssueModal]", methods: map[string]operation{
		".open": func(ctx context.Context, _ arguments) (any, error) {
			return done(jira.OpenCreateIssue(ctx, issue, onClose))
		},
	}}, nil
}

func onConfigure(ctx context.Context, args arguments) (any, error) {
	var h handler
	if err := args.read(0, &h); err != nil {
		return nil, err
	}
	_, err := jira.OnConfigure(ctx, func(context.Context) (json.RawMessage, error) {
		hear(h.Function)
		if h.Returns == nil && h.Fails == "" {
			return nil, jira.ErrKeepForm
		}
		var text string // JSON in a text
		if h.Returns != nil {
			if err := json.Unmarshal(h.Returns, &text); err != nil {
				return nil, err
			}
		}
		return json.RawMessage(text), h.err()
	})
	return done(err)
}
