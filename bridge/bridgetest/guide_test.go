//go:build !js

package bridgetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/remote"
)

// The code of docs/testing.md, and its tests. TestGuide checks that the page quotes this file.

type Task struct {
	Title string `json:"title"`
	Done  bool   `json:"done"`
}

// Open returns the tasks that are not done.
func Open(tasks []Task) []Task {
	return slices.DeleteFunc(slices.Clone(tasks), func(t Task) bool { return t.Done })
}

// Load gets the tasks. If the remote cannot be reached, it tries again after a second, up to three times in total.
func Load(ctx context.Context) ([]Task, error) {
	for attempt := 1; ; attempt++ {
		tasks, err := bridge.Get[[]Task](ctx, "tasks-api", "/tasks")
		if !errors.Is(err, bridge.ErrNetwork) || attempt == 3 {
			return tasks, err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func TestOpen(t *testing.T) {
	got := Open([]Task{{Title: "a"}, {Title: "b", Done: true}})
	if len(got) != 1 || got[0].Title != "a" {
		t.Errorf("got %v", got)
	}
}

// backend stands for the backend; the real handler works here too.
func backend(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, `[{"title":"Buy milk"}]`)
}

func TestLoad(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(backend)))
	tasks, err := Load(host.Context(t))
	if err != nil || len(tasks) != 1 || tasks[0].Title != "Buy milk" {
		t.Errorf("got %v (%v)", tasks, err)
	}
}

func TestLoadFails(t *testing.T) {
	for name, tt := range map[string]struct {
		failure bridgetest.Failure
		want    error
	}{
		"rate limit": {bridgetest.Status(429, `{"error":"slow down"}`), bridge.ErrRateLimited},
		"bad token":  {bridgetest.Status(401, ""), bridge.ErrUnauthorized},
		"refused":    {bridgetest.Reject(errors.New("no access")), bridge.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(t)
			host.Remote("tasks-api", http.HandlerFunc(backend))
			host.Fail("tasks-api", tt.failure)
			if _, err := Load(host.Context(t)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestLoadTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t) // in the bubble
		host.Remote("tasks-api", http.HandlerFunc(backend))
		host.Fail("tasks-api", bridgetest.Offline().Times(2))
		start := time.Now()
		if _, err := Load(host.Context(t)); err != nil {
			t.Error(err)
		}
		if n, took := host.Count("tasks-api"), time.Since(start); n != 3 || took != 2*time.Second {
			t.Errorf("%d requests in %v, want 3 in 2s", n, took)
		}
	})
}

func TestLoadSends(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(backend))
	if _, err := Load(host.Context(t)); err != nil {
		t.Error(err)
	}
	host.Golden(t, "testdata/load.golden")
}

// Delete removes a task after the user has agreed in a dialog, and shows a flag that can undo it.
func Delete(ctx context.Context, task Task) error {
	yes, err := modal.Ask[bool](ctx, modal.Modal{Resource: "confirm", Context: task})
	if err != nil || !yes {
		return err // modal.ErrDismissed if the user closed the dialog, which the page does not show as an error
	}
	if err := bridge.Delete(ctx, "tasks-api", "/tasks/"+url.PathEscape(task.Title)); err != nil {
		return err
	}
	_, err = flag.Show(ctx, flag.Flag{ID: "deleted", Title: "Task deleted", Actions: []flag.Action{
		{Text: "Undo", OnClick: func(ctx context.Context) error {
			_, err := bridge.Post[any](ctx, "tasks-api", "/tasks", bridge.JSON(task))
			return err
		}},
	}})
	return err
}

func TestDelete(t *testing.T) {
	for name, tt := range map[string]struct {
		answer   func(*bridgetest.Dialog)
		requests int
		want     error
	}{
		"yes":    {func(d *bridgetest.Dialog) { d.Submit(true) }, 1, nil},
		"no":     {func(d *bridgetest.Dialog) { d.Submit(false) }, 0, nil},
		"closed": {func(d *bridgetest.Dialog) { d.Dismiss() }, 0, modal.ErrDismissed},
	} {
		t.Run(name, func(t *testing.T) {
			host := bridgetest.NewHost(t)
			host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{}`) }))
			host.OnDialog(tt.answer)
			if err := Delete(host.Context(t), Task{Title: "Buy milk"}); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if n, flags := host.Count("tasks-api"), len(host.Flags()); n != tt.requests || flags != tt.requests {
				t.Errorf("%d requests and %d flags, want %d of each", n, flags, tt.requests)
			}
		})
	}
}

func TestUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{}`) }))
		host.OnDialog(func(d *bridgetest.Dialog) { d.Submit(true) })
		if err := Delete(host.Context(t), Task{Title: "Buy milk"}); err != nil {
			t.Fatal(err)
		}
		host.Flags()[0].Click("Undo")
		synctest.Wait() // until the action has run
		if n := host.Count("tasks-api"); n != 2 {
			t.Errorf("%d requests, want one to delete and one to undo", n)
		}
	})
}

// Follow calls show for each task that the backend adds, until ctx ends.
func Follow(ctx context.Context, show func(Task)) error {
	for event, err := range bridge.ServerSentEvents(ctx, "tasks-api", bridge.Request{Path: "/tasks/events"}) {
		if err != nil {
			return err
		}
		show(Task{Title: event.Data})
	}
	return nil
}

func TestFollow(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
			if err := stream.Send(remote.Event{Data: "Buy milk"}); err != nil {
				return err
			}
			<-ctx.Done() // the stream stays open until the page leaves it
			return nil
		})
	}))
	ctx, stop := context.WithCancel(host.Context(t, bridge.WithDirect(bridge.HostTokens())))
	defer stop()
	var shown []Task
	err := Follow(ctx, func(task Task) {
		shown = append(shown, task)
		stop()
	})
	if !errors.Is(err, context.Canceled) || len(shown) != 1 || shown[0].Title != "Buy milk" {
		t.Errorf("got %v (%v)", shown, err)
	}
}

// OpenIssue opens the issue that shows the app.
func OpenIssue(ctx context.Context) error {
	here, err := view.GetContext(ctx)
	if err != nil {
		return err
	}
	var issue struct{ Key string }
	if _, err := here.Extension.Decode("issue", &issue); err != nil {
		return err
	}
	return router.Open(ctx, router.Issue{IssueKey: issue.Key})
}

func TestOpensIssue(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.SetContext(map[string]any{"extension": map[string]any{"issue": map[string]string{"key": "TASK-7"}}})
	if err := OpenIssue(host.Context(t)); err != nil {
		t.Fatal(err)
	}
	if got := host.Navigations(); len(got) != 1 || got[0].URL != "https://example.atlassian.net/browse/TASK-7" {
		t.Errorf("the app went to %v", got)
	}
}

func TestTwoUsers(t *testing.T) {
	host := bridgetest.NewHost(t)
	ana, ben := host.Window("ana").Context(t), host.Window("ben").Context(t)
	heard := make(chan Task, 1)
	stop, err := realtime.Subscribe(ben, "tasks", func(_ context.Context, task Task, err error) error {
		heard <- task
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := realtime.Publish(ana, "tasks", Task{Title: "Buy milk"}); err != nil {
		t.Fatal(err)
	}
	if task := <-heard; task.Title != "Buy milk" {
		t.Errorf("ben heard %v", task)
	}
}

func TestLoadDirectly(t *testing.T) {
	host := bridgetest.NewHost(t)
	x, err := remote.NewExchange(host.Verifier(), map[string]string{"tasks-api": "https://tasks-api.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/token", x)
	mux.HandleFunc("GET /tasks", backend)
	host.Remote("tasks-api", x.Handler(mux))
	tasks, err := Load(host.Context(t, bridge.WithDirect(bridge.ExchangeTokens("/token"))))
	if err != nil || len(tasks) != 1 || tasks[0].Title != "Buy milk" {
		t.Errorf("got %v (%v)", tasks, err)
	}
	if n := host.Count("tasks-api"); n != 2 {
		t.Errorf("%d requests, want one for the token and one for the tasks", n)
	}
}

// TestGuide checks that docs/testing.md shows code that is tested.
func TestGuide(t *testing.T) {
	read := func(path string) string {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	tested := read("guide_test.go") + read("../../test/suites/guide/guide_test.go")
	blocks := 0
	for i, block := range strings.Split(read("../../docs/testing.md"), "```") {
		code, isGo := strings.CutPrefix(block, "go\n")
		if i%2 == 0 || !isGo {
			continue
		}
		blocks++
		if !strings.Contains(tested, code) {
			t.Errorf("this code of docs/testing.md is in no test:\n%s", code)
		}
	}
	if blocks < 12 {
		t.Errorf("docs/testing.md has %d blocks of Go", blocks)
	}
}
