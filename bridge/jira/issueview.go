package jira

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// RefreshIssueView makes Jira fetch the issue around the app again. If Jira cannot do that, RefreshIssueView returns
// [ErrNotRefreshed].
//
// It is refreshIssueView, which @forge/jira-bridge has in out/issue-utils and does not export.
func RefreshIssueView(ctx context.Context) error {
	const op = "refreshIssueView"
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: op})
	if err == nil && payload.False(answer) {
		err = &bridge.Error{Op: op, Err: ErrNotRefreshed}
	}
	return err
}
