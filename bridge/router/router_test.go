package router_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/router"
)

// locations are all targets with their JavaScript form, without the type.
var locations = []struct {
	name    string
	of      router.Location
	members map[string]string
}{
	{"content view", router.ContentView{ContentID: "12345"}, map[string]string{"contentId": "12345", "target": "contentView"}},
	{"content view of a version", router.ContentView{ContentID: "12345", Version: "2"}, map[string]string{"contentId": "12345", "target": "contentView", "version": "2"}},
	{"content edit", router.ContentEdit{ContentID: "12345"}, map[string]string{"contentId": "12345", "target": "contentEdit"}},
	{"content list", router.ContentList{ContentType: "page", SpaceKey: "TEAM"}, map[string]string{"contentType": "page", "spaceKey": "TEAM", "target": "contentList"}},
	{"custom content", router.ContentList{ContentType: "customContent", ModuleKey: "m"}, map[string]string{"contentType": "customContent", "moduleKey": "m", "target": "contentList"}},
	{"space", router.SpaceView{SpaceKey: "TEAM"}, map[string]string{"spaceKey": "TEAM", "target": "spaceView"}},
	{"module", router.Module{ModuleKey: "m", Path: "/settings?tab=general"}, map[string]string{"moduleKey": "m", "path": "/settings?tab=general", "target": "module"}},
	{"module of a repository", router.Module{ModuleKey: "m", WorkspaceID: "w", RepositoryID: "{r}", ProjectKey: "P", SpaceKey: "S"},
		map[string]string{"moduleKey": "m", "projectKey": "P", "repositoryId": "{r}", "spaceKey": "S", "target": "module", "workspaceId": "w"}},
	{"user", router.UserProfile{AccountID: "12345"}, map[string]string{"accountId": "12345", "target": "userProfile"}},
	{"dashboard", router.Dashboard{DashboardID: "10000"}, map[string]string{"dashboardId": "10000", "target": "dashboard"}},
	{"issue", router.Issue{IssueKey: "FT-3"}, map[string]string{"issueKey": "FT-3", "target": "issue"}},
	{"project settings", router.ProjectSettingsDetails{ProjectKey: "FT"}, map[string]string{"projectKey": "FT", "target": "projectSettingsDetails"}},
	{"nothing but a target", router.Issue{}, map[string]string{"target": "issue"}},
}

// onlyCall returns the only command that the host got, and its payload.
func onlyCall(t *testing.T, host *stubhost.Host) (command string, payload map[string]string) {
	t.Helper()
	calls := host.Calls()
	if len(calls) != 1 {
		t.Fatalf("the host got %q", calls)
	}
	command, text, _ := strings.Cut(calls[0], " ")
	if text != "" {
		if err := json.Unmarshal([]byte(text), &payload); err != nil {
			t.Fatal(err)
		}
	}
	return command, payload
}

func TestLocations(t *testing.T) {
	for _, tt := range locations {
		t.Run(tt.name, func(t *testing.T) {
			for kind, navigate := range map[string]func(context.Context, router.Destination) error{"same-tab": router.Navigate, "new-tab": router.Open} {
				host := &stubhost.Host{}
				if err := navigate(host.Context(t), tt.of); err != nil {
					t.Fatal(err)
				}
				want := maps.Clone(tt.members)
				want["type"] = kind
				if command, got := onlyCall(t, host); command != "navigate" || !maps.Equal(got, want) {
					t.Errorf("the host got %s %v, want %v", command, got, want)
				}
			}
			host := &stubhost.Host{Answers: map[string]string{"getUrl": `"https://example.atlassian.net/x"`}}
			url, err := router.GetURL(host.Context(t), tt.of)
			if command, got := onlyCall(t, host); command != "getUrl" || !maps.Equal(got, tt.members) || url != "https://example.atlassian.net/x" || err != nil {
				t.Errorf("the host got %s %v; GetURL returns %q, %v", command, got, url, err)
			}
		})
	}
}

func TestURL(t *testing.T) {
	host := &stubhost.Host{}
	if err := router.Navigate(host.Context(t), router.URL("/wiki")); err != nil {
		t.Fatal(err)
	}
	if _, got := onlyCall(t, host); !maps.Equal(got, map[string]string{"url": "/wiki", "type": "same-tab"}) {
		t.Errorf("the host got %v", got)
	}
}

func TestReload(t *testing.T) {
	host := &stubhost.Host{}
	if err := router.Reload(host.Context(t)); err != nil {
		t.Fatal(err)
	}
	if command, got := onlyCall(t, host); command != "reload" || got != nil {
		t.Errorf("the host got %s %v", command, got)
	}
}

func TestGetURLInvalidAnswers(t *testing.T) {
	for _, answer := range []string{"", "null", `""`, `"/browse/FT-3"`, `"browse"`, `":x"`, `"1:x"`, `"https:"`, "7"} {
		t.Run(answer, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{}}
			if answer != "" {
				host.Answers["getUrl"] = answer
			}
			if url, err := router.GetURL(host.Context(t), router.Issue{IssueKey: "FT-3"}); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("got %q, %v", url, err)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	refusal := &bridge.HostError{Message: "the user declined"}
	calls := map[string]func(context.Context) error{
		"router.navigate": func(ctx context.Context) error { return router.Navigate(ctx, router.URL("https://example.com")) },
		"router.open":     func(ctx context.Context) error { return router.Open(ctx, router.Issue{IssueKey: "FT-3"}) },
		"router.reload":   router.Reload,
		"router.getUrl": func(ctx context.Context) error {
			_, err := router.GetURL(ctx, router.SpaceView{SpaceKey: "TEAM"})
			return err
		},
	}
	for op, call := range calls {
		t.Run(op, func(t *testing.T) {
			host := &stubhost.Host{Errors: map[string]error{"navigate": refusal, "reload": refusal, "getUrl": refusal}}
			err := call(host.Context(t))
			if failed, ok := errors.AsType[*bridge.Error](err); !ok || failed.Op != op || !errors.Is(err, refusal) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNoDestination(t *testing.T) {
	host := &stubhost.Host{}
	ctx := host.Context(t)
	_, err := router.GetURL(ctx, nil)
	for _, err := range []error{err, router.Navigate(ctx, nil), router.Open(ctx, nil)} {
		if !errors.Is(err, bridge.ErrInvalidRequest) {
			t.Errorf("got %v", err)
		}
	}
	if len(host.Calls()) != 0 {
		t.Errorf("the host got %q", host.Calls())
	}
}
