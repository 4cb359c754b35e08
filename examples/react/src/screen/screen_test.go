package screen

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// drafts keeps drafts in memory.
type drafts map[string]string

func (d drafts) Draft(key string) string    { return d[key] }
func (d drafts) KeepDraft(key, text string) { d[key] = text }

// TestScreen loads a list, adds a task, and deletes it while it has the focus.
func TestScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := []tasks.Task{{ID: "1", Name: "Buy milk", Done: true}}
		host := bridgetest.NewHost(t)
		mux := http.NewServeMux()
		mux.HandleFunc("GET /tasks", func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"tasks": list}) })
		mux.HandleFunc("POST /tasks", func(w http.ResponseWriter, _ *http.Request) {
			list = append(list, tasks.Task{ID: "2", Name: "Bake bread", File: tasks.File{Name: "recipe.txt"}})
			answer(w, list[1])
		})
		mux.HandleFunc("DELETE /tasks/{id}", func(w http.ResponseWriter, _ *http.Request) {
			list = list[:1]
			w.WriteHeader(http.StatusNoContent)
		})
		host.Remote(tasks.RemoteKey, host.Verifier().Handler(mux))
		ctx, end := context.WithCancel(host.Context(t))
		defer end()

		s := New(drafts{"name": "typed before"})
		cache := bridge.NewTokenCache(bridge.HostTokens())
		page := tasks.New(s, host.Client(bridge.WithDirect(cache)), cache, tasks.Setting{Words: tasks.English()})
		go page.Run(ctx)
		next, stop := iter.Pull2(s.Views(ctx))
		defer stop()
		view := func() View {
			t.Helper()
			synctest.Wait()
			v, err, ok := next()
			if err != nil || !ok {
				t.Fatalf("there is no view: %v", err)
			}
			return v
		}
		v := view()
		if !v.Loaded || v.Summary != "1 of 1 done" || v.Name.Text != "typed before" || v.Way != RequestRemote || v.Texts.Add != "Add task" {
			t.Errorf("after the load: got %+v", v)
		}
		if want := (Row{ID: "1", Name: "Buy milk", Done: true, Delete: "Delete Buy milk"}); len(v.Rows) != 1 || v.Rows[0] != want {
			t.Errorf("the rows are %+v, want %+v", v.Rows, want)
		}

		page.Add(ctx, "")
		if v = view(); v.Name.Problem != "A task needs a name." {
			t.Errorf("without a name: got %+v", v.Name)
		}
		page.Choose(ctx, InvokeRemote.Tasks())
		page.Add(ctx, "Bake bread")
		if v = view(); len(v.Rows) != 2 || v.Rows[1].File != "recipe.txt" || v.Name.Text != "" || v.Way != InvokeRemote {
			t.Errorf("after the second task: got %+v", v)
		}

		s.SetFocused(Place{Item, "2"})
		go page.Delete(ctx, "2")
		// The focus moves with the view that shows that the task is gone, and not again with the next.
		if v = view(); len(v.Rows) != 1 || v.Focus == nil || *v.Focus != (Place{Form, ""}) {
			t.Errorf("after the deletion: got %+v with the focus %+v", v, v.Focus)
		}
		host.Fail(tasks.RemoteKey, bridgetest.Offline())
		page.SetDone(ctx, "1", false)
		if v = view(); v.Focus != nil || len(v.Failures) != 1 || v.Failures[0].Subject != "1" || v.Failures[0].Dismiss != "Dismiss" || v.Failures[0].Retry != "Retry" {
			t.Errorf("after a failure: got %+v", v)
		}
		page.Dismiss("1")
		if v = view(); len(v.Failures) != 0 {
			t.Errorf("after Dismiss: got %+v", v.Failures)
		}
		end()
		synctest.Wait()
		for {
			_, err, ok := next()
			if errors.Is(err, context.Canceled) {
				break
			}
			if !ok {
				t.Fatal("the views ended without an error")
			}
		}
	})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func TestWays(t *testing.T) {
	for way, want := range map[Way]tasks.Way{RequestRemote: tasks.RequestRemote, InvokeRemote: tasks.InvokeRemote, Direct: tasks.Direct, "": tasks.RequestRemote} {
		if got := way.Tasks(); got != want {
			t.Errorf("%q: got %v, want %v", way, got, want)
		}
	}
}
