package tasks_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

const (
	unreachable = "The task service could not be reached. Check your connection and try again."
	oneMS       = " in 1 ms."
)

func TestLoad(t *testing.T) {
	cases := []struct{ names, status, summary string }{
		{"", "Loaded 0 tasks by requestRemote in 2000 ms.", ""},
		{"a", "Loaded 1 task by requestRemote in 2000 ms.", "1 of 1 done"},
		{"a b", "Loaded 2 tasks by requestRemote in 2000 ms.", "1 of 2 done"},
	}
	for _, c := range cases {
		t.Run(c.status, func(t *testing.T) {
			overEach(t, c.names, func(t *testing.T, w *world) {
				if c.names != "" {
					w.backend.tasks[0].Done = true
				}
				w.host.Delay(tasks.RemoteKey, 2*time.Second)
				w.open(tasks.RequestRemote)
				if s := w.state(); !s.Loading || s.Loaded || s.IsEmpty() || s.Status != "Loading tasks…" || s.Live != tasks.NotLive {
					t.Errorf("while they load the state is %+v", s)
				}
				w.host.Heal(tasks.RemoteKey)
				time.Sleep(2 * time.Second)
				s := w.state()
				if s.Loading || !s.Loaded || s.IsEmpty() != (c.names == "") || s.Status != c.status || s.Words.Summary(s) != c.summary {
					t.Errorf("the state is %+v, with %q", s, s.Words.Summary(s))
				}
				if s.Live != tasks.Live || s.DirectNote != "" {
					t.Errorf("the list is %v; %q", s.Live, s.DirectNote)
				}
			})
		})
	}
}

func TestLoadFails(t *testing.T) {
	overEach(t, "a", func(t *testing.T, w *world) {
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		w.open(tasks.RequestRemote)
		message := "! The tasks could not be loaded. " + unreachable + " <Retry>"
		w.wants("status: ", message)
		if s := w.state(); s.Loading || s.Loaded {
			t.Errorf("the state is %+v", s)
		}
		w.begin(func(ctx context.Context) { w.Add(ctx, "too early") })
		w.wants("status: ", message)
		if n := w.host.Count(tasks.RemoteKey); n != 1 {
			t.Errorf("%d requests were sent", n)
		}

		w.window.focusOn(tasks.FailurePart, "the list")
		retry := func(ctx context.Context) { w.Retry(ctx, "the list") }
		w.begin(retry)
		w.wants("status: ", message)
		if at := w.window.focused(); at.Part != tasks.FailurePart {
			t.Errorf("after a second failure the focus is on %v", at)
		}

		w.host.Heal(tasks.RemoteKey)
		w.host.Delay(tasks.RemoteKey, time.Second)
		w.begin(retry)
		w.wants("status: Loading tasks…", message+" <trying>")
		w.begin(retry) // a second press
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(time.Second)
		w.wants("status: Loaded 1 task by requestRemote in 1000 ms.", "[ ] a")
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v", at)
		}
		lists := 0
		for _, call := range w.host.Calls() {
			if call.Command == "fetchRemote" {
				lists++
			}
		}
		if lists != 3 {
			t.Errorf("the tasks were loaded %d times", lists)
		}
	})
}

// TestReasons checks what a user reads if nothing works, with each way.
func TestReasons(t *testing.T) {
	cases := []struct {
		name    string
		failure bridgetest.Failure
		want    string
	}{
		{"offline", bridgetest.Offline(), unreachable},
		{"its own words", bridgetest.Status(503, `{"error":"Back in an hour"}`), "Back in an hour."},
		{"not verified", bridgetest.Status(401, `{}`), "The task service could not verify that the request comes from this app. Reload the page; if that does not help, tell your administrator."},
		{"too many requests", bridgetest.Status(429, `{"error":"slow down"}`), "Too many requests in a short time. Try again in a minute."},
		{"nonsense", bridgetest.Status(200, `{"tasks":7}`), "The task service gave an answer that this page does not understand. Reload the page; if that does not help, tell your administrator."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			byEachWay(t, "", func(t *testing.T, w *world, way tasks.Way) {
				w.host.Fail(tasks.RemoteKey, c.failure)
				w.begin(func(ctx context.Context) { w.Add(ctx, "x") })
				w.wants("status: ", "! Adding “x” failed. "+c.want+" Your text is still in the field. Pressing “Add task” again will not add it twice. <Dismiss>")
			})
		})
	}
}

// TestSilence checks that a backend that does not answer is given up. With invokeRemote, the platform does that.
func TestSilence(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, way tasks.Way) {
		w.host.Fail(tasks.RemoteKey, bridgetest.Hang())
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") })
		after, want := 30*time.Second, "did not answer within 30 seconds. Try again."
		if way == tasks.InvokeRemote {
			after, want = 25*time.Second, "took too long to answer. Try again."
		}
		time.Sleep(after - time.Millisecond)
		if w.row("a").Busy != tasks.Delete {
			t.Error("it was given up too early")
		}
		time.Sleep(time.Millisecond)
		w.wants("status: ", "! Deleting “a” failed. The task service "+want+" <Retry> <Dismiss>", "[ ] a")
	})
}

// TestRateLimit checks that 500 calls in 25 seconds pass. The next change is rolled back, and works after that time.
func TestRateLimit(t *testing.T) {
	overEach(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.InvokeRemote) // the first call
		w.host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
			return map[string]any{"success": true, "payload": map[string]any{"status": 204}}, nil
		})
		time.Sleep(5 * time.Second)
		for range 499 {
			if _, err := w.client.InvokeRemote(t.Context(), bridge.Request{Path: "/tasks"}); err != nil {
				t.Fatal(err)
			}
		}
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: ", "! Completing “a” failed. Too many requests in a short time. Try again in 20 seconds. <Retry> <Dismiss>", "[ ] a")
		if n := w.host.Count("invoke"); n != 500 {
			t.Errorf("%d calls were sent", n)
		}
		time.Sleep(20 * time.Second)
		w.host.On("invoke", func(context.Context, json.RawMessage) (any, error) {
			return map[string]any{"success": true, "payload": map[string]any{"status": 200, "body": tasks.Task{ID: "a", Name: "a", Done: true}}}, nil
		})
		w.begin(func(ctx context.Context) { w.Retry(ctx, "a") })
		w.wants("status: Completed “a” by invokeRemote"+oneMS, "[x] a")
	})
}

// TestLeaving checks that a page that is closed shows no errors.
func TestLeaving(t *testing.T) {
	byEachWay(t, "a", func(t *testing.T, w *world, _ tasks.Way) {
		w.host.Delay(tasks.RemoteKey, time.Second)
		ctx, leave := context.WithCancel(t.Context())
		go w.SetDone(ctx, "a", true)
		time.Sleep(time.Second / 2)
		leave()
		if s := w.state(); len(s.Failures) != 0 || s.Rows[0].Done {
			t.Errorf("the state is %+v", s)
		}
	})
}

func TestDismiss(t *testing.T) {
	overEach(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.host.Fail("fetchRemote", bridgetest.Offline())
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.begin(func(ctx context.Context) { w.Delete(ctx, "b") })
		a := "! Completing “a” failed. " + unreachable + " <Retry> <Dismiss>"
		b := "! Deleting “b” failed. " + unreachable + " <Retry> <Dismiss>"
		w.wants("status: ", a, b, "[ ] a", "[ ] b")
		w.begin(func(ctx context.Context) { w.Delete(ctx, "a") }) // one message for each task
		w.wants("status: ", b, strings.Replace(a, "Completing", "Deleting", 1), "[ ] a", "[ ] b")
		w.Dismiss("b")
		w.wants("status: ", strings.Replace(a, "Completing", "Deleting", 1), "[ ] a", "[ ] b")
		if at := w.window.focused(); at.Part != tasks.FormPart {
			t.Errorf("the focus is on %v", at)
		}
		before := w.host.Count("fetchRemote")
		w.begin(func(ctx context.Context) { w.Retry(ctx, "b") })
		if w.host.Count("fetchRemote") != before {
			t.Error("what was dismissed is tried again")
		}
	})
}
