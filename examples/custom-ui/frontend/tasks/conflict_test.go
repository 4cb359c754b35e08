package tasks_test

import (
	"context"
	"testing"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// renameElsewhere acts like another window.
func (w *world) renameElsewhere(name string) {
	w.backend.set(func() {
		w.backend.tasks[0].Name = name
		w.backend.tasks[0].Version++
	})
}

const conflict = "! Somebody else has renamed “a” to “theirs” meanwhile. Your name for it is “mine”. Which name should it have? <Use “mine”> <Keep “theirs”>"

// TestRenameConflict checks that nobody's name is lost when two windows rename the same task.
func TestRenameConflict(t *testing.T) {
	cases := []struct {
		name   string
		choose func(d *dialog)
		want   string
		closed string
	}{
		{"use mine", func(d *dialog) { d.begin(d.Retry) }, "mine", `{"id":"a","name":"mine","done":false,"version":2,"file":{"name":"","type":"","size":0}}`},
		{"keep theirs", func(d *dialog) { d.begin(d.Dismiss) }, "theirs", ""},
		{"another name", func(d *dialog) { d.save("both") }, "both", `{"id":"a","name":"both","done":false,"version":2,"file":{"name":"","type":"","size":0}}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
				d := inDialog(w, "a", way)
				d.begin(d.Run)
				w.renameElsewhere("theirs")
				d.save("mine")
				d.wants("mine", conflict)
				d.wantsClosed()
				c.choose(d)
				if got := w.backend.tasks[0].Name; got != c.want {
					t.Errorf("the task is called %q; want %q", got, c.want)
				}
				d.wantsClosed(c.closed)
			})
		})
	}
}

// TestRenameWithoutConflict checks changes by others that do not concern the name.
func TestRenameWithoutConflict(t *testing.T) {
	for name, change := range map[string]func(w *world, task *tasks.Task){
		"done meanwhile":         func(_ *world, task *tasks.Task) { task.Done, task.Version = true, task.Version+1 },
		"renamed to the same":    func(_ *world, task *tasks.Task) { task.Name, task.Version = "mine", task.Version+1 },
		"the answer was lost":    func(w *world, _ *tasks.Task) { w.host.Fail(tasks.RemoteKey, bridgetest.Offline().Times(1)) },
		"renamed there and back": func(_ *world, task *tasks.Task) { task.Version += 2 },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				d := inDialog(w, "a", tasks.RequestRemote)
				d.begin(d.Run)
				w.backend.set(func() { change(w, &w.backend.tasks[0]) })
				d.save("mine")
				d.begin(d.Retry)
				d.wants("mine", "status: The name is saved. Close this dialog to go on.")
				if got := w.backend.tasks[0].Name; got != "mine" {
					t.Errorf("the task is called %q", got)
				}
			})
		})
	}
}

// TestFileConflict checks that a file that somebody else has attached meanwhile is not replaced or removed unasked.
func TestFileConflict(t *testing.T) {
	cases := []struct {
		name   string
		change func(w *world) func(ctx context.Context)
		anyway string
		want   string
	}{
		{"attach", func(w *world) func(ctx context.Context) {
			return func(ctx context.Context) { w.Attach(ctx, "a", picked("mine", "x")) }
		}, "Replace it", "[ ] a + mine"},
		{"remove", func(w *world) func(ctx context.Context) {
			return func(ctx context.Context) { w.RemoveFile(ctx, "a") }
		}, "Remove it", "[ ] a"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.backend.tasks[0].File = tasks.File{Name: "old", Size: 1}
				w.open(tasks.Direct)
				w.backend.set(func() {
					w.backend.tasks[0].File = tasks.File{Name: "theirs", Size: 1}
					w.backend.tasks[0].Version++
				})
				w.begin(c.change(w))
				w.wants("status: ", "! Somebody else has attached “theirs” to “a” meanwhile. <"+c.anyway+"> <Dismiss>", "[ ] a + theirs")
				w.begin(func(ctx context.Context) { w.Retry(ctx, "a") })
				if got := w.window.text(); got[len(got)-len(c.want):] != c.want {
					t.Errorf("the page shows\n%s\nwant %s", got, c.want)
				}
			})
		})
	}
}
