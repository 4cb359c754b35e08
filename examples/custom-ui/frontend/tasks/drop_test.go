package tasks_test

import (
	"context"
	"testing"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

func TestDrop(t *testing.T) {
	one := tasks.Dropped{Files: []wasm.File{picked("f", "x")}}
	cases := []struct {
		name    string
		on      string
		dropped tasks.Dropped
		way     tasks.Way
		want    string
	}{
		{"on a task", "b", one, tasks.Direct, ""},
		{"beside the tasks", "", one, tasks.Direct, "Drop “f” on the task that it belongs to."},
		{"on a task that is gone", "z", one, tasks.Direct, "Drop “f” on the task that it belongs to."},
		{"by a way without files", "b", one, tasks.RequestRemote, "Files need direct: requestRemote and invokeRemote carry text only."},
		{"a folder", "b", tasks.Dropped{Folders: []string{"photos"}}, tasks.Direct, "“photos” is a folder. Drop a single file; to attach a folder, make it a ZIP file first."},
		{"several", "b", tasks.Dropped{Files: []wasm.File{picked("f", "x"), picked("g", "x")}}, tasks.Direct, "You dropped 2 files, and a task has one file. Drop one file at a time."},
		{"too large", "b", tasks.Dropped{Files: []wasm.File{{Name: "f", Size: 11 << 20}}}, tasks.Direct, "“f” is too large: it has 11 MB, and a task’s file at most 10 MB."},
		{"nothing", "b", tasks.Dropped{}, tasks.Direct, "There was no file in what you dropped."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.open(c.way)
				w.begin(func(ctx context.Context) { w.Drop(ctx, c.on, c.dropped) })
				if c.want == "" {
					if got := w.row("b").Task.File.Name; got != "f" {
						t.Errorf("the task has the file %q; want f", got)
					}
					return
				}
				w.wants("status: ", "! "+c.want+" <Dismiss>", "[ ] a", "[ ] b")
			})
		})
	}
}
