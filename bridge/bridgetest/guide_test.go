//go:build !js

package bridgetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
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
	if blocks < 6 {
		t.Errorf("docs/testing.md has %d blocks of Go", blocks)
	}
}
