package tasks_test

import (
	"context"
	"slices"
	"testing"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// TestDraftOfANewTask checks that a new page shows what was typed and not sent.
func TestDraftOfANewTask(t *testing.T) {
	inWorld(t, "", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.Edit("Buy mi")
		w.Page = tasks.New(w.window, w.direct, nil, english)
		w.open(tasks.RequestRemote)
		if got := w.state().Field.Text; got != "Buy mi" {
			t.Errorf("after a reload the field has %q; want the draft", got)
		}
		w.begin(func(ctx context.Context) { w.Add(ctx, "Buy milk") })
		if got := w.window.draftsInMemory; len(got) > 0 {
			t.Errorf("after the task was added the drafts are %q; want none", got)
		}
		if got := w.window.revealed; !slices.Equal(got, []string{"new1"}) {
			t.Errorf("the page reveals the tasks %q; want the new one", got)
		}
	})
}

// TestDraftOfAName checks that a dialog shows what was typed and not saved, unless the user has closed it.
func TestDraftOfAName(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		d := inDialog(w, "a", tasks.RequestRemote)
		d.begin(d.Run)
		d.Edit("b")
		d = inDialog(w, "a", tasks.RequestRemote)
		d.begin(d.Run)
		d.wants("b <focus>")
		d.begin(d.Close)
		d = inDialog(w, "a", tasks.RequestRemote)
		d.begin(d.Run)
		d.wants("a <focus>")
	})
}

// TestIsSaving checks when the browser should warn before it closes the page.
func TestIsSaving(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.Direct)
		w.Edit("typed")
		if w.state().IsSaving() {
			t.Error("a typed text counts as being saved, though there is a draft")
		}
		for name, action := range map[string]func(ctx context.Context){
			"an upload":  func(ctx context.Context) { w.Attach(ctx, "a", picked("f", "x")) },
			"a change":   func(ctx context.Context) { w.SetDone(ctx, "a", true) },
			"a new task": func(ctx context.Context) { w.Add(ctx, "b") },
		} {
			w.backend.set(func() { w.backend.slowChange = 1 })
			w.host.Delay(tasks.RemoteKey, 1000)
			w.begin(action)
			if !w.window.shown().IsSaving() {
				t.Errorf("during %s nothing is being saved", name)
			}
			w.host.Heal(tasks.RemoteKey)
		}
	})
}
