package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

func (w *world) add(text string) {
	w.begin(func(ctx context.Context) { w.Add(ctx, text) })
}

func TestAdd(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
		w.Edit(" Buy milk ")
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.add(" Buy milk ")
		if f := w.state().Field; f != (tasks.Field{Text: " Buy milk ", Adding: true}) {
			t.Errorf("while it is sent the field is %+v", f)
		}
		w.add("Another") // a second press
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Added “Buy milk” by "+way.String()+" in 1000 ms.", "[ ] a", "[ ] Buy milk")
		if f := w.state().Field; f != (tasks.Field{}) {
			t.Errorf("the field is %+v", f)
		}
		if len(w.backend.tasks) != 2 {
			t.Errorf("the backend has %v", w.backend.tasks)
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
			overEach(t, "a", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				w.host.Fail("fetchRemote", bridgetest.Offline().Times(1))
				w.add("b")
				w.window.focusOn(c.from.Part, c.from.Of)
				w.add("b")
				w.wants("status: Added “b” by requestRemote"+oneMS, "[ ] a", "[ ] b")
				if at := w.window.focused(); at != c.to {
					t.Errorf("the focus is on %v", at)
				}
			})
		})
	}
}

// TestAddTwice checks that a retry after a lost answer makes no second task, and that adding the name once more does.
func TestAddTwice(t *testing.T) {
	byEachWay(t, "", func(t *testing.T, w *world, way tasks.Way) {
		w.backend.cutEvents(404) // so that no event shows the first try
		w.backend.set(func() { w.backend.loseAnswer = true })
		w.add("Once")
		if s := w.state(); len(s.Failures) != 1 || s.Field.Text != "Once" || len(s.Rows) != 0 {
			t.Errorf("the state is %+v", s)
		}
		w.backend.set(func() { w.backend.loseAnswer = false })
		w.add("Once")
		w.wants("status: Added “Once” by "+way.String()+oneMS, "[ ] Once")
		w.add("Once")
		w.wants("status: Added “Once” by "+way.String()+oneMS, "[ ] Once", "[ ] Once")
	})
}

func TestBadName(t *testing.T) {
	overEach(t, "", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		before := w.host.Count(tasks.RemoteKey)
		w.window.focusOn(tasks.OtherPart, "")
		w.add(" ")
		if f := w.state().Field; f != (tasks.Field{Text: " ", Problem: "A task needs a name."}) {
			t.Errorf("the field is %+v", f)
		}
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v", at)
		}
		w.Edit("  ")
		if w.state().Field.Problem == "" {
			t.Error("the message went away too early")
		}
		w.Edit(" x")
		if f := w.state().Field; f != (tasks.Field{Text: " x"}) {
			t.Errorf("the field is %+v", f)
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
			t.Fatal("there is no message")
		}
		w.add("taboo")
		w.wants("status: ")
		if f := w.state().Field; f != (tasks.Field{Text: "taboo", Problem: "Not this name."}) {
			t.Errorf("the field is %+v", f)
		}
	})
}
