package bridgetest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// TestContext checks that package functions reach the host by its context, which ends with the test's.
func TestContext(t *testing.T) {
	var ctx context.Context
	t.Run("a test", func(t *testing.T) {
		host := bridgetest.NewHost(t)
		host.Remote("tasks-api", http.HandlerFunc(say))
		ctx = host.Context(t)
		if _, err := bridge.Get[any](ctx, "tasks-api", "/tasks"); err != nil || host.Count("tasks-api") != 1 {
			t.Errorf("got %v, after %d requests", err, host.Count("tasks-api"))
		}
	})
	if _, err := bridge.Get[any](ctx, "tasks-api", "/tasks"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the test, the call returns %v", err)
	}
}

// TestWindows checks that a name stands for one window, and that each window's context leads to its host.
func TestWindows(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", http.HandlerFunc(say))
	ana := host.Window("ana")
	if host.Window("ana") != ana || host.Window("ben") == ana {
		t.Error("a name does not stand for one window")
	}
	for _, ctx := range []context.Context{host.Context(t), host.Window("ana").Context(t), host.Window("ben").Context(nil)} {
		if _, err := bridge.Get[any](ctx, "tasks-api", "/tasks"); err != nil {
			t.Error(err)
		}
	}
	if n := host.Count("tasks-api"); n != 3 {
		t.Errorf("the remote got %d requests, want 3", n)
	}
}
