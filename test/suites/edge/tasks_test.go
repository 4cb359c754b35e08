package edge

import (
	"slices"
	"strings"
	"testing"
)

// TestEdge runs the tests of test/e2e with the Worker instead of the backend in one process, with the page. Its parts share
// a world, because it takes long to start one.
func TestEdge(t *testing.T) {
	w := newWorld(t)
	testLive(t, w)
	testTasks(t, w)
	t.Run("API", func(t *testing.T) { testAPI(t, w) })
}

// testTasks tests the main functions.
func testTasks(t *testing.T, w *world) {
	a := w.open()
	for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
		if way == "direct" {
			a.IsLive()
		}
		a.KeepAndDrop(way)
	}

	// The Worker added the task, but its answer was lost. A second try must not add the task twice.
	a.Find("radio", "requestRemote").Click()
	w.gate.loseAnswer()
	a.Find("textbox", "Task name").Type("Once")
	a.Find("button", "Add task").Click()
	a.Complains("Adding “Once” failed.")
	a.Find("button", "Add task").Click()
	a.Says("Added “Once” by requestRemote")
	if before, last := w.gate.lastKeys(); before == "" || before != last {
		t.Errorf("the tries had the keys %q and %q; want one key", before, last)
	}

	want := []string{"Keep requestRemote", "Keep invokeRemote", "Keep direct", "Once"}
	stillThere := func(when string) {
		t.Helper()
		if got := a.Tasks(); !slices.Equal(got, want) {
			t.Errorf("%s the tasks are %q, want %q", when, got, want)
		}
		for _, name := range want {
			if got := a.Find("checkbox", name).Checked(); got != (name != "Once") {
				t.Errorf("%s the task %q has done = %v", when, name, got)
			}
		}
	}
	a.Page.Reload()
	a.Ready()
	stillThere("after a reload")

	w.worker.Stop()
	w.startWorker()
	a.Page.Reload()
	a.Ready()
	stillThere("after a restart of the Worker")
	if log := w.log.String(); strings.Contains(log, "eyJ") || !strings.Contains(log, "method=POST path=/tasks status=201") {
		t.Error("the log holds a token, or nothing to look at")
	}
}
