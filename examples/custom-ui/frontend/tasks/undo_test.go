package tasks_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

const undoB = "Deleted “b” [Undo]"

// TestUndo checks that the button in a flag restores the deleted task, in its place and with its file.
func TestUndo(t *testing.T) {
	byEachWay(t, "a b c", func(t *testing.T, w *world, way tasks.Way) {
		w.backend.tasks[1].File = tasks.File{Name: "f", Size: 1}
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		if got := w.flags(); got != undoB {
			t.Errorf("the flags are %q; want %q", got, undoB)
		}
		w.wants("status: Deleted “b” by "+way.String()+oneMS, "[ ] a", "[ ] c")
		w.undo("b")
		w.wants("status: Brought “b” back by "+way.String()+oneMS, "[ ] a", "[ ] b + f", "[ ] c")
		if got := w.flags(); got != "" {
			t.Errorf("the flags are %q; want none", got)
		}
		if at := w.window.focused(); at != (tasks.Place{Part: tasks.RowPart, Of: "b"}) {
			t.Errorf("the focus is on %v; want the row", at)
		}
		// The same again, with a new flag.
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		if got := w.flags(); got != undoB || w.host.Count("showFlag") != 2 {
			t.Errorf("the flags are %q, after %d; want a second flag", got, w.host.Count("showFlag"))
		}
	})
}

// TestUndoInAClosingFlag checks that the button in a flag does nothing if its task is already on its way back.
func TestUndoInAClosingFlag(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.host.Delay("closeFlag", time.Second)
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.begin(w.UndoLast)
		w.undo("b")
		time.Sleep(time.Second)
		w.wants("status: Brought “b” back by requestRemote in 1000 ms.", "[ ] a", "[ ] b")
		restores := 0
		for _, call := range w.host.Calls() {
			if strings.Contains(string(call.Payload), "/tasks/b/restore") {
				restores++
			}
		}
		if restores != 1 {
			t.Errorf("the page asked for the task %d times; want once", restores)
		}
	})
}

// TestUndoFails checks that the user can try again, from the page.
func TestUndoFails(t *testing.T) {
	byEachWay(t, "a b c", func(t *testing.T, w *world, way tasks.Way) {
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline().Times(1))
		w.undo("b")
		w.wants("status: ", "! Bringing “b” back failed. "+unreachable+" <Retry> <Dismiss>", "[ ] a", "[ ] c")
		if got := w.flags(); got != "" {
			t.Errorf("the flags are %q; want none", got)
		}
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.begin(func(ctx context.Context) { w.Retry(ctx, "b") })
		w.wants("status: ", "! Bringing “b” back failed. "+unreachable+" <Retry> <Dismiss> <trying>", "[ ] a", "[ ] c")
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Brought “b” back by "+way.String()+" in 1000 ms.", "[ ] a", "[ ] b", "[ ] c")
	})
}

// TestUndoTooLate checks a task that the backend has removed for good.
func TestUndoTooLate(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.backend.set(func() { w.backend.trash = tasks.Task{} })
		w.undo("b")
		w.wants("status: ", "! Bringing “b” back failed. There is no such task. <Dismiss>", "[ ] a")
	})
}

// TestFlagIsClosed checks that a flag disappears when there is nothing left to undo, and before the backend forgets the task.
func TestFlagIsClosed(t *testing.T) {
	cases := []struct {
		name string
		do   func(w *world, leave func())
	}{
		{"brought back elsewhere", func(w *world, _ func()) { w.backend.set(w.backend.bringBack) }},
		{"after almost an hour", func(*world, func()) { time.Sleep(55 * time.Minute) }},
		{"with the page", func(_ *world, leave func()) { leave() }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				ctx, leave := context.WithCancel(w.ctx)
				defer leave()
				w.ctx = ctx
				w.open(tasks.RequestRemote)
				go w.Delete(ctx, "b")
				time.Sleep(time.Second)
				if got := w.flags(); got != undoB {
					t.Fatalf("the flags are %q; want %q", got, undoB)
				}
				c.do(w, leave)
				if got := w.flags(); got != "" {
					t.Errorf("the flags are %q; want none", got)
				}
			})
		})
	}
}

// TestDeleteWithoutFlags checks that a task can be deleted if the product has no flags or does not answer.
func TestDeleteWithoutFlags(t *testing.T) {
	for name, failure := range map[string]bridgetest.Failure{"no flags": bridgetest.Reject(&noSuchCommand), "no answer": bridgetest.Hang()} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				w.host.Fail("showFlag", failure)
				w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
				w.wants("status: Deleted “b” by requestRemote"+oneMS, "[ ] a")
				w.begin(func(ctx context.Context) { w.Delete(ctx, "a") })
				w.wants("status: Deleted “a” by requestRemote" + oneMS)
			})
		})
	}
}

// TestUndoLast checks the key to undo, which brings back one task after another, also without flags.
func TestUndoLast(t *testing.T) {
	inWorld(t, "a b c", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.begin(w.UndoLast)
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.begin(w.UndoLast)
		w.wants("status: Brought “b” back by requestRemote"+oneMS, "[ ] a", "[ ] b", "[ ] c")
		w.begin(w.UndoLast)
		if got := w.flags(); got != "" || w.host.Count("showFlag") != 1 {
			t.Errorf("the flags are %q", got)
		}
	})
}

// TestFewFlags checks that flags do not pile up.
func TestFewFlags(t *testing.T) {
	inWorld(t, "a b c d e f g", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			w.begin(func(ctx context.Context) { w.Delete(ctx, id) })
		}
		if got := w.flags(); len(w.host.Flags()) != 5 || strings.Contains(got, undoB) {
			t.Errorf("the flags are %q; want those of the last 5 tasks", got)
		}
	})
}

// TestFocusStaysInTheDialog checks that Undo does not take the focus from an open dialog.
func TestFocusStaysInTheDialog(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.begin(func(ctx context.Context) { w.OpenDetails(ctx, "a") })
		w.window.focusOn(tasks.NoPart, "") // it is in the dialog
		w.undo("b")
		w.wants("status: Brought “b” back by requestRemote"+oneMS, "[ ] a", "[ ] b")
		if at := w.window.focused(); at != (tasks.Place{}) {
			t.Errorf("the focus moved to %v", at)
		}
	})
}
