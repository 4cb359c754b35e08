package tasks_test

import (
	"context"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// TestLiveEnds checks that the list does not show that it is live when it may not be current, and when it does again.
func TestLiveEnds(t *testing.T) {
	cases := []struct {
		name       string
		begin, end func(w *world)
	}{
		{"the browser is offline", func(w *world) {
			w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
			w.SetOnline(false)
		}, func(w *world) {
			w.host.Heal(tasks.RemoteKey)
			w.SetOnline(true)
		}},
		{"a call fails", func(w *world) {
			w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
			w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		}, func(w *world) { w.host.Heal(tasks.RemoteKey) }},
		{"the backend answers with an error of its own", func(w *world) {
			w.host.Fail(tasks.RemoteKey, bridgetest.Status(503, `{"error":"Down."}`))
			w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		}, func(w *world) { w.host.Heal(tasks.RemoteKey) }},
	}
	for _, realtime := range []bool{false, true} {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				inWorld(t, "a", func(t *testing.T, w *world) {
					if realtime {
						w.withRealtime()
					}
					w.open(tasks.RequestRemote)
					w.wantsLive(tasks.Live)
					c.begin(w)
					w.wantsLive(tasks.Reconnecting)
					time.Sleep(time.Minute)
					w.wantsLive(tasks.Reconnecting)
					c.end(w)
					time.Sleep(5 * time.Second)
					w.wantsLive(tasks.Live)
				})
			})
		}
	}
}

// TestOfflineHere checks a host on the same computer, which can be reached without a network.
func TestOfflineHere(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.SetOnline(false)
		time.Sleep(time.Second)
		w.wantsLive(tasks.Live)
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.wants("status: Completed “a” by requestRemote"+oneMS, "[x] a")
	})
}

// TestOfflineIsSaidSoon checks that a call that waits, such as for a token, does not keep a user without a network waiting.
func TestOfflineIsSaidSoon(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.SetOnline(false)
		w.host.Fail("fetchRemote", bridgetest.Hang())
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		time.Sleep(5 * time.Second)
		w.wants("status: ", "! Completing “a” failed. This browser is offline. Try again when it is online. <Retry> <Dismiss>", "[ ] a")
	})
}

// TestRefusalIsStillLive checks that a backend that refuses a change counts as reachable.
func TestRefusalIsStillLive(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.begin(func(ctx context.Context) { w.Add(ctx, "taboo") })
		w.wantsLive(tasks.Live)
	})
}

func (w *world) wantsLive(want tasks.Liveness) {
	w.t.Helper()
	if got := w.state().Live; got != want {
		w.t.Errorf("the list is %v; want %v", got, want)
	}
}

// TestReasons checks that a message names what is really wrong.
func TestReasons(t *testing.T) {
	const failed = "Completing “a” failed. "
	gone := bridgetest.Reject(&bridge.HostError{Message: "The local host does not answer.", Code: "HOST_GONE"})
	cases := []struct {
		name    string
		offline bool
		command string
		failure bridgetest.Failure
		want    string
	}{
		{"the browser is offline", true, tasks.RemoteKey, bridgetest.Offline(), "This browser is offline. Try again when it is online."},
		{"offline, and the host cannot be reached", true, "fetchRemote", gone, "This browser is offline. Try again when it is online."},
		{"the host is down", false, "fetchRemote", gone, "The page around the app has lost its server. If you use “forgego dev”, look whether it is still running; otherwise try again."},
		{"the remote is down", false, tasks.RemoteKey, bridgetest.Offline(), unreachable},
		{"the remote refuses", false, tasks.RemoteKey, bridgetest.Status(403, `{"error":"Not for you."}`), "Not for you."},
		{"offline, and the remote refuses", true, tasks.RemoteKey, bridgetest.Status(403, `{"error":"Not for you."}`), "Not for you."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				w.SetOnline(!c.offline)
				w.host.Fail(c.command, c.failure)
				w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
				w.wants("status: ", "! "+failed+c.want+" <Retry> <Dismiss>", "[ ] a")
			})
		})
	}
}
