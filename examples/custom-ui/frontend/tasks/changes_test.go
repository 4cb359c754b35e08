package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// TestSetDone checks that a change is shown at once, and counted when the answer arrives.
func TestSetDone(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, way tasks.Way) {
		for _, step := range []struct {
			done                      bool
			did, meanwhile, then, sum string
		}{
			{true, "Completed", "[x] a <Checkbox>", "[x] a", "1 of 2 done"},
			{false, "Reopened", "[ ] a <Checkbox>", "[ ] a", "0 of 2 done"},
		} {
			before := w.state()
			w.host.Delay(tasks.RemoteKey, time.Second)
			w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", step.done) })
			w.wants("status: "+before.Status, step.meanwhile, "[ ] b")
			if w.summary() != english.Words.Summary(before) {
				t.Errorf("before the answer the summary is %q; want the old one", w.summary())
			}
			w.begin(func(ctx context.Context) { w.Delete(ctx, "a") }) // one change at a time
			w.host.Heal(tasks.RemoteKey)
			time.Sleep(time.Second)
			w.wants("status: "+step.did+" “a” by "+way.String()+" in 1000 ms.", step.then, "[ ] b")
			if w.summary() != step.sum || w.backend.tasks[0].Done != step.done {
				t.Errorf("the summary is %q and the backend has %v; want %q", w.summary(), w.backend.tasks, step.sum)
			}
		}
	})
}

// TestFailedChangeIsUndone checks that a failed change is undone, and that the user can try it again.
func TestFailedChangeIsUndone(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, way tasks.Way) {
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		if !w.row("a").Done {
			t.Error("the change is not shown at once")
		}
		time.Sleep(time.Second)
		message := "! Completing “a” failed. " + unreachable + " <Retry> <Dismiss>"
		w.wants("status: ", message, "[ ] a", "[ ] b")

		w.host.Heal(tasks.RemoteKey)
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.window.focusOn(tasks.FailurePart, "a")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "a") })
		w.wants("status: ", message+" <trying>", "[x] a <Checkbox>", "[ ] b")
		time.Sleep(time.Second)
		w.wants("status: Completed “a” by "+way.String()+" in 1000 ms.", "[x] a", "[ ] b")
		if at := w.window.focused(); at != (tasks.Place{Part: tasks.CheckboxPart, Of: "a"}) {
			t.Errorf("the focus is on %v; want the checkbox", at)
		}
	})
}

func TestReopeningFails(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.backend.tasks[0].Done = true
		w.open(tasks.RequestRemote)
		w.host.Fail("fetchRemote", bridgetest.Offline())
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", false) })
		w.wants("status: ", "! Reopening “a” failed. "+unreachable+" <Retry> <Dismiss>", "[x] a")
	})
}

func TestDelete(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, way tasks.Way) {
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") })
		w.wants(w.lines("[ ] a <Delete>", "[ ] b")...)
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Deleted “a” by "+way.String()+" in 1000 ms.", "[ ] b")
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") }) // a click on a row that has just disappeared
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: Deleted “a” by "+way.String()+" in 1000 ms.", "[ ] b")

		w.host.Fail(tasks.RemoteKey, bridgetest.Offline().Times(1))
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.wants("status: ", "! Deleting “b” failed. "+unreachable+" <Retry> <Dismiss>", "[ ] b")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "b") })
		w.wants("status: Deleted “b” by " + way.String() + oneMS)
		if !w.state().IsEmpty() {
			t.Error("the list is not empty")
		}
	})
}

// lines returns the page's text with other tasks.
func (w *world) lines(rows ...string) []string {
	return append([]string{"status: " + w.state().Status}, rows...)
}

// TestChangeOfADeletedTask checks a change of a task that was deleted elsewhere, without an event in this window.
func TestChangeOfADeletedTask(t *testing.T) {
	byEachWay(t, "a b c", func(t *testing.T, w *world, _ tasks.Way) {
		w.backend.deleteSilently("a")
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		const message = "! “a” could not be changed. There is no such task. <Dismiss>"
		w.wants("status: ", message, "[ ] b", "[ ] c")
		w.backend.deleteSilently("b")
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		w.wants("status: “b” was deleted already.", message, "[ ] c")
	})
}

// TestFocusAfterDelete checks that a removed row's focus is not lost, and that focus elsewhere does not move.
func TestFocusAfterDelete(t *testing.T) {
	cases := []struct {
		name, delete string
		from, to     tasks.Place
	}{
		{"to the next", "a", tasks.Place{Part: tasks.DeletePart, Of: "a"}, tasks.Place{Part: tasks.DeletePart, Of: "b"}},
		{"from nowhere", "a", tasks.Place{}, tasks.Place{Part: tasks.DeletePart, Of: "b"}},
		{"of the last", "b", tasks.Place{Part: tasks.DeletePart, Of: "b"}, tasks.Place{Part: tasks.FormPart}},
		{"of the message", "a", tasks.Place{Part: tasks.FailurePart, Of: "a"}, tasks.Place{Part: tasks.DeletePart, Of: "b"}},
		{"not from another row", "a", tasks.Place{Part: tasks.CheckboxPart, Of: "b"}, tasks.Place{Part: tasks.CheckboxPart, Of: "b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				if c.from.Part == tasks.FailurePart {
					w.host.Fail("fetchRemote", bridgetest.Offline().Times(1))
					w.begin(func(ctx context.Context) { w.Delete(ctx, c.delete) })
				}
				w.window.focusOn(c.from.Part, c.from.Of)
				w.begin(func(ctx context.Context) { w.Delete(ctx, c.delete) })
				if at := w.window.focused(); at != c.to {
					t.Errorf("the focus is on %v; want %v", at, c.to)
				}
			})
		})
	}
}

// TestDeletedElsewhere checks that the page reports the removal of a row that has the focus, and moves the focus to
// something that is not a control.
func TestDeletedElsewhere(t *testing.T) {
	cases := []struct {
		name, delete string
		from, to     tasks.Place
		told         bool
	}{
		{"to the next", "a", tasks.Place{Part: tasks.CheckboxPart, Of: "a"}, tasks.Place{Part: tasks.RowPart, Of: "b"}, true},
		{"of the last", "b", tasks.Place{Part: tasks.RowPart, Of: "b"}, tasks.Place{Part: tasks.FormPart}, true},
		{"of the message", "a", tasks.Place{Part: tasks.FailurePart, Of: "a"}, tasks.Place{Part: tasks.RowPart, Of: "b"}, true},
		{"from elsewhere", "a", tasks.Place{Part: tasks.OtherPart}, tasks.Place{Part: tasks.OtherPart}, false},
		{"from nowhere", "a", tasks.Place{}, tasks.Place{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				if c.from.Part == tasks.FailurePart {
					w.host.Fail("fetchRemote", bridgetest.Offline().Times(1))
					w.begin(func(ctx context.Context) { w.Delete(ctx, c.delete) })
				}
				before := w.state().Status
				w.window.focusOn(c.from.Part, c.from.Of)
				w.backend.deleteElsewhere(c.delete)
				s := w.state()
				if at := w.window.focused(); at != c.to {
					t.Errorf("the focus is on %v; want %v", at, c.to)
				}
				want := before
				if c.told {
					want = "“" + c.delete + "” was deleted elsewhere."
				}
				if s.Status != want || len(s.Rows) != 1 || len(s.Failures) != 0 {
					t.Errorf("the state is %+v; want the status %q, one row and no failures", s, want)
				}
			})
		})
	}
}

// TestSeveralDeletedElsewhere checks that the focus goes to a row that stays.
func TestSeveralDeletedElsewhere(t *testing.T) {
	inWorld(t, "a b c", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		time.Sleep(time.Second)
		w.window.focusOn(tasks.RowPart, "a")
		w.backend.set(func() {
			w.backend.delete("b")
			w.backend.delete("a")
		})
		time.Sleep(time.Second)
		w.wants("status: “a” was deleted elsewhere.", "[ ] c")
		if at := w.window.focused(); at != (tasks.Place{Part: tasks.RowPart, Of: "c"}) {
			t.Errorf("the focus is on %v; want the row of c", at)
		}
	})
}

func (w *world) add(text string) {
	w.begin(func(ctx context.Context) { w.Add(ctx, text) })
}

func TestAdd(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
		w.Edit(" Buy milk ")
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.add(" Buy milk ")
		if f := w.state().Field; f != (tasks.Field{Text: " Buy milk ", Adding: true}) {
			t.Errorf("during the request the field is %+v; want the text, and Adding", f)
		}
		w.add("Another") // a second press
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Added “Buy milk” by "+way.String()+" in 1000 ms.", "[ ] a", "[ ] Buy milk")
		if f := w.state().Field; f != (tasks.Field{}) {
			t.Errorf("after the answer the field is %+v; want an empty one", f)
		}
		if len(w.backend.tasks) != 2 {
			t.Errorf("the backend has %v; want two tasks", w.backend.tasks)
		}
	})
}

// TestAddFocus checks that the field gets the focus for the next task, unless the user has moved it.
func TestAddFocus(t *testing.T) {
	cases := []struct {
		name     string
		from, to tasks.Place
	}{
		{"from the form", tasks.Place{Part: tasks.FormPart}, tasks.Place{Part: tasks.FormPart}},
		{"from nowhere", tasks.Place{}, tasks.Place{Part: tasks.FormPart}},
		{"from a row", tasks.Place{Part: tasks.RowPart, Of: "a"}, tasks.Place{Part: tasks.RowPart, Of: "a"}},
		{"from the message", tasks.Place{Part: tasks.FailurePart, Of: "a new task"}, tasks.Place{Part: tasks.FormPart}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				w.host.Fail("fetchRemote", bridgetest.Offline().Times(1))
				w.add("b")
				w.window.focusOn(c.from.Part, c.from.Of)
				w.add("b")
				w.wants("status: Added “b” by requestRemote"+oneMS, "[ ] a", "[ ] b")
				if at := w.window.focused(); at != c.to {
					t.Errorf("the focus is on %v; want %v", at, c.to)
				}
			})
		})
	}
}

// TestRetriedAddMakesOneTask checks that a retry after a lost answer makes no second task, and that adding the name once
// more does.
func TestRetriedAddMakesOneTask(t *testing.T) {
	byEachWay(t, "", func(t *testing.T, w *world, way tasks.Way) {
		w.backend.cutEvents(404) // so that no event shows the first try
		w.backend.set(func() { w.backend.loseAnswer = true })
		w.add("Once")
		if s := w.state(); len(s.Failures) != 1 || s.Field.Text != "Once" || len(s.Rows) != 0 {
			t.Errorf("the state is %+v; want a failure, the text in the field, and no rows", s)
		}
		w.backend.set(func() { w.backend.loseAnswer = false })
		w.add("Once")
		w.wants("status: Added “Once” by "+way.String()+oneMS, "[ ] Once")
		w.add("Once")
		w.wants("status: Added “Once” by "+way.String()+oneMS, "[ ] Once", "[ ] Once")
	})
}

func TestBadName(t *testing.T) {
	inWorld(t, "", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		before := w.host.Count(tasks.RemoteKey)
		w.window.focusOn(tasks.OtherPart, "")
		w.add(" ")
		if f := w.state().Field; f != (tasks.Field{Text: " ", Problem: "A task needs a name."}) {
			t.Errorf("the field is %+v; want the problem with the text", f)
		}
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v; want the form", at)
		}
		w.Edit("  ")
		if w.state().Field.Problem == "" {
			t.Error("the problem disappeared while the text was still invalid")
		}
		w.Edit(" x")
		if f := w.state().Field; f != (tasks.Field{Text: " x"}) {
			t.Errorf("the field is %+v; want no problem", f)
		}
		if w.host.Count(tasks.RemoteKey) != before {
			t.Error("a request was sent")
		}
	})
}

// TestRefusedName checks that the backend's message about a name is shown at the field, not among the failures.
func TestRefusedName(t *testing.T) {
	byEachWay(t, "", func(t *testing.T, w *world, _ tasks.Way) {
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline().Times(1))
		w.add("taboo")
		if len(w.state().Failures) != 1 {
			t.Fatalf("%d failures; want one", len(w.state().Failures))
		}
		w.add("taboo")
		w.wants("status: ")
		if f := w.state().Field; f != (tasks.Field{Text: "taboo", Problem: "Not this name."}) {
			t.Errorf("the field is %+v; want the message of the backend", f)
		}
	})
}
