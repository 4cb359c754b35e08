package jira

import "errors"

var (
	// ErrNotOpened means that Jira could not open the dialog.
	ErrNotOpened = errors.New("unable to open Jira's dialog")
	// ErrNotConfigurable means that the app is not shown in the form of a workflow rule. See [OnConfigure].
	ErrNotConfigurable = errors.New("the handler for the configuration of a workflow rule could not be set")
	// ErrNotRefreshed means that Jira could not refresh the issue view. See [RefreshIssueView].
	ErrNotRefreshed = errors.New("unable to refresh the issue view")
	// ErrKeepForm is what the handler of [OnConfigure] returns if the form is not complete: Jira keeps it open and saves
	// nothing.
	ErrKeepForm = errors.New("the form is not complete")
	// ErrNoErrors means that the host does not report errors of UI modifications. See [OnFormError].
	ErrNoErrors = errors.New("the host does not report errors of UI modifications")
)
