package jira_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/jira"
)

func TestOpenIssue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &stubhost.Host{}
		closed := 0
		failed := errors.New("failed")
		err := jira.OpenIssue(host.Context(t), "FT-3", func(context.Context) error { closed++; return failed })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := host.Ask("data.onClose", "[]"); !errors.Is(err, failed) {
			t.Errorf("the host gets %v, want the handler's error", err)
		}
		host.Fire("data.onClose", "[]") // a second call changes nothing
		synctest.Wait()
		if want := []string{`openIssueViewModal {"data":{"context":{"issueKey":"FT-3"}}} -> data.onClose`, "release"}; !slices.Equal(host.Calls(), want) || closed != 1 {
			t.Errorf("the host got %q, and the handler %d calls", host.Calls(), closed)
		}
	})
}

func TestDialogRefused(t *testing.T) {
	for op, tt := range map[string]struct {
		command string
		calls   []func(context.Context) error
	}{
		"ViewIssueModal.open": {"openIssueViewModal", []func(context.Context) error{
			func(ctx context.Context) error { return jira.OpenIssue(ctx, "FT-3", nil) },
			func(ctx context.Context) error { return jira.ViewIssue(ctx, "FT-3") },
		}},
		"CreateIssueModal.open": {"openIssueCreateModal", []func(context.Context) error{
			func(ctx context.Context) error { return jira.OpenCreateIssue(ctx, jira.IssueValues{}, nil) },
			func(ctx context.Context) error { _, err := jira.CreateIssue(ctx, jira.IssueValues{}); return err },
		}},
	} {
		for _, call := range tt.calls {
			host := &stubhost.Host{Errors: map[string]error{tt.command: &bridge.HostError{Message: "not here"}}}
			if err := call(host.Context(t)); !errors.Is(err, bridge.ErrRejected) || err.Error() != "bridge: "+op+": not here" {
				t.Errorf("got %v", err)
			}
			host = &stubhost.Host{Answers: map[string]string{tt.command: "false"}}
			if err := call(host.Context(t)); !errors.Is(err, jira.ErrNotOpened) || host.Calls()[1] != "release" {
				t.Errorf("false: got %v; the host got %q", err, host.Calls())
			}
		}
	}
	host := &stubhost.Host{}
	if err := jira.OpenIssue(host.Context(t), "", nil); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
		t.Errorf("no key: got %v", err)
	}
	if err := jira.OpenCreateIssue(host.Context(t), jira.IssueValues{Description: make(chan int)}, nil); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
		t.Errorf("no JSON: got %v", err)
	}
}

func TestCreateIssueSends(t *testing.T) {
	for name, tt := range map[string]struct {
		issue jira.IssueValues
		sent  string
	}{
		"nothing": {jira.IssueValues{}, `{}`},
		"everything": {jira.IssueValues{
			ProjectID: "1", IssueTypeID: "2", RequestType: "jism/newaccount", ParentID: "3", Summary: "S", Description: map[string]int{"version": 1},
			Environment: map[string]int{"version": 2}, AssigneeID: "a", ReporterID: "r", Labels: []string{"l"}, DueDate: "2022-02-28",
			PriorityID: "4", ComponentIDs: []string{"5"}, VersionIDs: []string{"6"}, FixVersionIDs: []string{},
			Custom: map[string]any{"customfield_1": 7, "summary": "not this", "none": nil},
		}, `{"assignee":"a","components":["5"],"customfield_1":7,"description":{"version":1},"duedate":"2022-02-28","environment":{"version":2},` +
			`"fixVersions":[],"issueTypeId":"2","labels":["l"],"parentId":"3","priority":"4","projectId":"1","reporter":"r","requestType":"jism/newaccount",` +
			`"summary":"S","versions":["6"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{}
			if err := jira.OpenCreateIssue(host.Context(t), tt.issue, nil); err != nil {
				t.Fatal(err)
			}
			if want := `openIssueCreateModal {"data":{"context":` + tt.sent + `}} -> data.onClose`; host.Calls()[0] != want {
				t.Errorf("the host got %s\nwant %s", host.Calls()[0], want)
			}
		})
	}
}

func TestCreateIssueWaits(t *testing.T) {
	for arguments, tt := range map[string]struct {
		ids []jira.CreatedIssue
		err error
	}{
		`[{"payload":[{"issueId":"10"},{"issueId":"11"}]}]`: {[]jira.CreatedIssue{{"10"}, {"11"}}, nil},
		`[{"payload":[]}]`:  {[]jira.CreatedIssue{}, nil},
		`[]`:                {nil, bridge.ErrInvalidResponse},
		`[null]`:            {nil, bridge.ErrInvalidResponse},
		`[{"payload":"x"}]`: {nil, bridge.ErrInvalidResponse},
	} {
		synctest.Test(t, func(t *testing.T) {
			host := &stubhost.Host{}
			go func() {
				synctest.Wait()
				host.Fire("data.onClose", arguments)
			}()
			ids, err := jira.CreateIssue(host.Context(t), jira.IssueValues{})
			if !slices.Equal(ids, tt.ids) || !errors.Is(err, tt.err) {
				t.Errorf("%s: got %v, %v", arguments, ids, err)
			}
		})
	}
}

func TestDialogsOutliveTheirContext(t *testing.T) {
	for _, open := range []func(context.Context) error{
		func(ctx context.Context) error { return jira.ViewIssue(ctx, "FT-3") },
		func(ctx context.Context) error { _, err := jira.CreateIssue(ctx, jira.IssueValues{}); return err },
	} {
		synctest.Test(t, func(t *testing.T) {
			host := &stubhost.Host{}
			ctx, cancel := context.WithCancel(host.Context(t))
			go func() {
				synctest.Wait()
				cancel()
			}()
			if err := open(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			synctest.Wait()
			if host.Calls()[1] != "release" {
				t.Errorf("the host got %q", host.Calls())
			}
		})
	}
}

func TestRefreshIssueView(t *testing.T) {
	for answer, want := range map[string]error{"true": nil, "null": nil, "false": jira.ErrNotRefreshed} {
		host := &stubhost.Host{Answers: map[string]string{"refreshIssueView": answer}}
		if err := jira.RefreshIssueView(host.Context(t)); !errors.Is(err, want) {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}
