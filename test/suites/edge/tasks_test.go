package edge

import (
	"slices"
	"strings"
	"testing"
)

// TestExampleOnTheWorker does what a user does with the page, with the Worker as its backend, and calls the API as other
// installations. Its parts share a world, because it takes long to start one.
func TestExampleOnTheWorker(t *testing.T) {
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

	want := []string{"Keep requestRemote", "Keep invokeRemote", "Keep direct"}
	stillThere := func(when string) {
		t.Helper()
		if got := a.Tasks(); !slices.Equal(got, want) {
			t.Errorf("%s the tasks are %q, want %q", when, got, want)
		}
		for _, name := range want {
			if !a.Find("checkbox", name).Checked() {
				t.Errorf("%s the task %q is not done", when, name)
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
		t.Error("the log contains a token, or not the request")
	}
}
