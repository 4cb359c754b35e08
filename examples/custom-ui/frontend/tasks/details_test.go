package tasks_test

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// dialog is the page in a dialog, its screen, and the values with which the product was asked to close it.
type dialog struct {
	*tasks.Details
	w *world

	mu     sync.Mutex
	state  tasks.DetailsState
	focus  bool
	closed []string
	draftsInMemory
	isOffline bool
}

func (d *dialog) IsOnline() bool { return !d.isOffline }

func (d *dialog) ShowDetails(s tasks.DetailsState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Failures = slices.Clone(s.Failures)
	d.state, d.focus = s, s.ToField
}

// inDialog returns the page with a task's details. It uses this way.
func inDialog(w *world, id string, way tasks.Way) *dialog {
	d := &dialog{w: w, draftsInMemory: w.window.draftsInMemory}
	w.host.On("close", func(_ context.Context, payload json.RawMessage) (any, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.closed = append(d.closed, string(payload))
		return true, nil
	})
	setting := english
	setting.Opened = &tasks.Opened{Task: id, Way: way}
	d.Details = tasks.NewDetails(d, w.direct, setting)
	return d
}

func (d *dialog) begin(action func(ctx context.Context)) {
	go action(d.w.ctx)
	synctest.Wait()
}

func (d *dialog) save(name string) {
	d.begin(func(ctx context.Context) { d.Save(ctx, name) })
}

// wants compares what a person sees: the field and its error, the status, and the message with its buttons.
func (d *dialog) wants(want ...string) {
	d.w.t.Helper()
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	got := []string{d.state.Field.Text}
	if d.state.Field.Adding {
		got[0] += " <saving>"
	}
	if d.focus {
		got[0] += " <focus>"
	}
	if d.state.Field.Problem != "" {
		got = append(got, "? "+d.state.Field.Problem)
	}
	if d.state.Status != "" {
		got = append(got, "status: "+d.state.Status)
	}
	for _, f := range d.state.Failures {
		line := "! " + f.Text
		if f.CanRetry {
			line += " <" + cmp.Or(f.RetryText, "Retry") + ">"
		}
		if f.CanDismiss {
			line += " <" + cmp.Or(f.DismissText, "Dismiss") + ">"
		}
		if f.Trying {
			line += " <trying>"
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		d.w.t.Errorf("the dialog shows %q; want %q", got, want)
	}
}

func (d *dialog) wantsClosed(want ...string) {
	d.w.t.Helper()
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.closed, want) {
		d.w.t.Errorf("the dialog was closed with %q; want %q", d.closed, want)
	}
}

func TestDetails(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, way tasks.Way) {
		d := inDialog(w, "b", way)
		w.host.Delay(tasks.RemoteKey, time.Second)
		d.begin(d.Run)
		d.save("too early")
		d.wants("", "status: Loading the task…")
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		d.wants("b <focus>")
		d.Edit("b ")
		d.save("  ")
		d.wants("   <focus>", "? A task needs a name.")
		d.Edit("x")
		d.wants("x")
		d.save(strings.Repeat("x", 201))
		d.wants(strings.Repeat("x", 201)+" <focus>", "? A task’s name has at most 200 characters. This one has 201.")
		d.wantsClosed()

		w.host.Delay(tasks.RemoteKey, time.Second)
		d.save(" new ")
		d.save("twice")
		d.wants(" new  <saving>")
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		d.wants("new", "status: The name is saved. Close this dialog to go on.")
		d.wantsClosed(`{"id":"b","name":"new","done":false,"version":1,"file":{"name":"","type":"","size":0}}`)
		if got := w.backend.tasks[1].Name; got != "new" || w.host.Count("publishRealtimeChannel") != 1 {
			t.Errorf("the backend has the name %q, and %d messages were sent; want new and one", got, w.host.Count("publishRealtimeChannel"))
		}
	})
}

// TestDetailsUnchanged checks that without a change the dialog closes without a value, as with Cancel.
func TestDetailsUnchanged(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		d := inDialog(w, "a", tasks.RequestRemote)
		d.begin(d.Run)
		requests := w.host.Count(tasks.RemoteKey)
		d.save(" a ")
		d.begin(d.Close)
		d.wantsClosed("", "")
		if w.host.Count(tasks.RemoteKey) != requests {
			t.Error("a request was sent")
		}
	})
}

func TestDetailsFail(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
		d := inDialog(w, "a", way)
		command := map[tasks.Way]string{tasks.RequestRemote: "fetchRemote", tasks.InvokeRemote: "invoke", tasks.Direct: "fetch"}[way]
		before := w.host.Count(command)
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		d.begin(d.Run)
		message := "! The task could not be loaded. " + unreachable + " <Retry>"
		d.wants("", message)
		d.begin(d.Retry)
		d.wants("", message)
		w.host.Heal(tasks.RemoteKey)
		d.begin(d.Retry)
		d.wants("a <focus>")
		// The dialog's pending request for the list goes through requestRemote. A retry uses the chosen way.
		want := map[tasks.Way]int{tasks.RequestRemote: 3, tasks.InvokeRemote: 2, tasks.Direct: 2}[way]
		if n := w.host.Count(command) - before; n != want {
			t.Errorf("%d calls of %s; want %d", n, command, want)
		}

		w.host.Fail(tasks.RemoteKey, bridgetest.Offline().Times(2))
		d.save("b")
		d.wants("b", "! Renaming “a” failed. "+unreachable+" <Retry> <Dismiss>")
		d.Dismiss(w.ctx)
		d.wants("b <focus>")
		d.begin(d.Retry)
		d.save("b")
		d.begin(d.Retry)
		d.wants("b", "status: The name is saved. Close this dialog to go on.")
		d.wantsClosed(`{"id":"a","name":"b","done":false,"version":1,"file":{"name":"","type":"","size":0}}`)
	})
}

// TestDetailsRefused checks that the backend's message about the name is shown at the field.
func TestDetailsRefused(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		d := inDialog(w, "a", 7) // not a valid way
		d.begin(d.Run)
		w.host.Fail(tasks.RemoteKey, bridgetest.Status(400, `{"error":"Not this name."}`).Times(1))
		d.save("taboo")
		d.wants("taboo <focus>", "? Not this name.")
		w.backend.deleteSilently("a")
		d.save("b")
		d.wants("b", "! Renaming “a” failed. There is no such task. <Dismiss>")
		d = inDialog(w, "a", tasks.RequestRemote)
		d.begin(d.Run)
		d.wants("", "! This task is not there any more. It was deleted.")
		d.wantsClosed()
	})
}

// TestDetailsOpenProductPage checks that the place opens in a new tab, so that the dialog stays.
func TestDetailsOpenProductPage(t *testing.T) {
	here, _ := loadSetting(t, `{"extension":{"issue":{"key":"DEMO-1"},"modal":{"task":"a"}}}`, files{})
	inWorld(t, "a", func(t *testing.T, w *world) {
		d := inDialog(w, "a", tasks.RequestRemote)
		d.Details = tasks.NewDetails(d, w.direct, here)
		d.begin(d.Run)
		d.begin(d.OpenProductPage)
		w.host.Fail("navigate", bridgetest.Reject(&bridge.HostError{Message: "not today"}).Times(1))
		d.begin(d.OpenProductPage)
		d.wants("a", "! Issue DEMO-1 could not be opened. The request was not passed on: not today. <Retry> <Dismiss>")
		d.begin(d.Retry)
		if gone := w.host.Navigations(); len(gone) != 2 || !gone[0].NewTab {
			t.Errorf("the router opened %v; want two new tabs", gone)
		}
	})
}

// TestOpenDetails checks that the dialog gets the task and the way, that the page shows its result, and that the focus
// returns.
func TestOpenDetails(t *testing.T) {
	cases := []struct {
		name   string
		answer any
		status string
		rows   []string
		lost   bool
	}{
		{"renamed, not live", tasks.Task{ID: "b", Name: "new"}, "Renamed “b” to “new”.", []string{"[ ] a", "[ ] new"}, true},
		// The page shows what the backend's events say, not the dialog's result.
		{"renamed, live", tasks.Task{ID: "b", Name: "new"}, "Renamed “b” to “new”.", []string{"[ ] a", "[ ] b"}, false},
		{"closed by the user", nil, "", []string{"[ ] a", "[ ] b"}, true},
		{"not renamed", tasks.Task{ID: "b", Name: "b"}, "", []string{"[ ] a", "[ ] b"}, true},
		{"another task", tasks.Task{ID: "a", Name: "new"}, "", []string{"[ ] a", "[ ] b"}, true},
		{"nonsense", []int{1}, "", []string{"[ ] a", "[ ] b"}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				if c.lost {
					w.host.Fail("fetch", bridgetest.Reject(bridge.ErrBlocked))
				}
				w.open(tasks.InvokeRemote)
				w.window.focusOn(tasks.DetailsPart, "b")
				for range 2 { // a second press opens no second dialog
					w.begin(func(ctx context.Context) { w.OpenDetails(ctx, "b") })
				}
				dialog := w.host.Dialog(t)
				if got := string(dialog.Context); got != `{"task":"b","way":1}` || dialog.Title != "Task details" || w.host.Count("openModal") != 1 {
					t.Errorf("the dialog %q got %s, and was opened %d times; want once", dialog.Title, got, w.host.Count("openModal"))
				}
				w.window.focusOn(tasks.OtherPart, "")
				before := w.state().Status
				if c.answer == nil {
					dialog.Dismiss()
				} else {
					dialog.Submit(c.answer)
				}
				if c.status == "" {
					c.status = before
				}
				w.wants(append([]string{"status: " + c.status}, c.rows...)...)
				if at := w.window.focused(); at != (tasks.Place{Part: tasks.DetailsPart, Of: "b"}) {
					t.Errorf("the focus is on %v; want the details button", at)
				}
				// It can be opened again.
				w.begin(func(ctx context.Context) { w.OpenDetails(ctx, "b") })
				w.backend.deleteElsewhere("b")
				w.begin(func(ctx context.Context) { w.OpenDetails(ctx, "none") })
				w.host.Dialog(t).Dismiss()
				if at := w.window.focused(); !c.lost && at.Part != tasks.FormPart {
					t.Errorf("after its task was deleted, the focus is on %v; want the form", at)
				}
				if n := w.host.Count("openModal"); n != 2 {
					t.Errorf("the dialog was opened %d times; want 2", n)
				}
			})
		})
	}
}

func TestOpenDetailsFails(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.host.Fail("openModal", bridgetest.Reject(&bridge.HostError{Message: "no dialogs here"}).Times(1))
		w.begin(func(ctx context.Context) { w.OpenDetails(ctx, "a") })
		w.wants("status: ", "! The details of “a” could not be opened. The request was not passed on: no dialogs here. <Retry> <Dismiss>", "[ ] a")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "a") })
		w.wants("status: ", "[ ] a")
		if n := w.host.Count("openModal"); n != 2 {
			t.Errorf("the dialog was requested %d times; want 2", n)
		}
	})
}
