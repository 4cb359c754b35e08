package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// liveBy returns how the list is kept current. With realtime, the page opens no event stream.
func (w *world) liveBy() string {
	how := english.Words.Live(w.state().Live)
	if w.host.Count("fetch") > 0 {
		return how + ", by the stream"
	}
	return how + ", by realtime"
}

// TestRealtime checks that each window shows the other's changes, and that the page does not trust the content of a
// message.
func TestRealtime(t *testing.T) {
	for _, way := range []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote} {
		t.Run(way.String(), func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.withRealtime()
				w.backend.silent = true
				w.open(way)
				other := newWindow()
				second := tasks.New(other, w.direct, nil, english)
				w.begin(second.Run)
				if got := w.liveBy(); got != "Live, by realtime" {
					t.Fatalf("the list is %s; want Live, by realtime", got)
				}
				time.Sleep(time.Second)
				for _, step := range []struct {
					do   func(ctx context.Context)
					want string
				}{
					{func(ctx context.Context) { w.Add(ctx, "c") }, "[ ] a\n[ ] b\n[ ] c"},
					{func(ctx context.Context) { w.SetDone(ctx, "a", true) }, "[x] a\n[ ] b\n[ ] c"},
					{func(ctx context.Context) { w.Delete(ctx, "a") }, "[ ] b\n[ ] c"},
					{func(context.Context) { w.undo("a") }, "[x] a\n[ ] b\n[ ] c"},
				} {
					loads := w.host.Count(tasks.RemoteKey)
					w.begin(step.do)
					if _, got, _ := cut(other.text()); got != step.want {
						t.Errorf("the other window shows\n%s\nwant\n%s", got, step.want)
					}
					// One request by each window. A window does not load the list for its own message.
					if n := w.host.Count(tasks.RemoteKey) - loads; n != 2 {
						t.Errorf("%d requests were sent; want 2", n)
					}
					time.Sleep(time.Second)
				}
				for _, message := range []any{map[string]any{"task": "b", "kind": "deleted"}, "hello", 7, nil} {
					w.publish(message)
					time.Sleep(time.Second)
				}
				if _, got, _ := cut(other.text()); got != "[x] a\n[ ] b\n[ ] c" {
					t.Errorf("after invalid messages the other window shows\n%s", got)
				}
			})
		})
	}
}

// cut removes the status from a window's text.
func cut(text string) (status, rest string, ok bool) {
	for i := range text {
		if text[i] == '\n' {
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// TestManyMessagesCauseFewLoads checks that the list is loaded at most twice a second, however many messages come, and once
// at the end.
func TestManyMessagesCauseFewLoads(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.withRealtime()
		w.backend.silent = true
		w.open(tasks.RequestRemote)
		time.Sleep(time.Second)
		loads := w.host.Count(tasks.RemoteKey)
		for range 100 {
			w.publish(map[string]string{"task": "a", "from": "x"})
			time.Sleep(20 * time.Millisecond)
		}
		w.backend.addElsewhere("b")
		w.publish(map[string]string{"task": "b", "from": "x"})
		time.Sleep(time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		if n := w.host.Count(tasks.RemoteKey) - loads; n < 4 || n > 6 {
			t.Errorf("the list was loaded %d times in 2 seconds; want 4 to 6", n)
		}
	})
}

// TestLostMessage checks that a lost message is made up for after a minute, and that a list that cannot be loaded is
// not shown as live.
func TestLostMessage(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.withRealtime()
		w.backend.silent = true
		w.open(tasks.RequestRemote)
		w.backend.addElsewhere("b")
		time.Sleep(time.Minute + time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		time.Sleep(time.Minute + time.Second)
		if got := w.liveBy(); got != "Reconnecting…, by realtime" {
			t.Errorf("the list is %s; want Reconnecting, by realtime", got)
		}
		w.backend.addElsewhere("c")
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(31 * time.Second)
		w.wants(w.lines("[ ] a", "[ ] b", "[ ] c")...)
		if got := w.liveBy(); got != "Live, by realtime" {
			t.Errorf("the list is %s; want Live, by realtime", got)
		}
	})
}

// TestNoRealtime checks that the page follows the backend's events if the product has no realtime, does not answer, or
// loses the channel.
func TestNoRealtime(t *testing.T) {
	cases := []struct {
		name   string
		before func(w *world)
		after  func(w *world)
	}{
		{"none", func(w *world) { w.host.Fail("subscribeRealtimeChannel", bridgetest.Reject(&noSuchCommand)) }, func(*world) {}},
		{"no answer", func(w *world) { w.host.Fail("subscribeRealtimeChannel", bridgetest.Hang()) }, func(*world) { time.Sleep(11 * time.Second) }},
		{"the channel breaks", func(w *world) {
			w.host.OnWithFunctions("subscribeRealtimeChannel", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
				time.AfterFunc(2*time.Second, func() { callbacks["onEvent"](nil, map[string]string{"message": "channel error"}) })
				leave := func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) { return nil, nil }
				return bridgetest.Object{Methods: map[string]bridgetest.Function{"unsubscribe": leave}}, nil
			})
		}, func(w *world) {
			if got := w.liveBy(); got != "Live, by realtime" {
				w.t.Errorf("at first the list is %s; want Live, by realtime", got)
			}
			time.Sleep(2 * time.Second)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.withRealtime()
				c.before(w)
				w.open(tasks.RequestRemote)
				c.after(w)
				time.Sleep(time.Second)
				if got := w.liveBy(); got != "Live, by the stream" {
					t.Fatalf("the list is %s; want Live, by the stream", got)
				}
				w.backend.addElsewhere("b")
				w.wants(w.lines("[ ] a", "[ ] b")...)
				published := w.host.Count("publishRealtimeChannel")
				w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
				if n := w.host.Count("publishRealtimeChannel") - published; n != 0 && c.name != "the channel breaks" {
					t.Error("a message was published although the product has no realtime")
				}
			})
		})
	}
}

// TestClosedPageUnsubscribes checks that a page that is closed unsubscribes from its channel.
func TestClosedPageUnsubscribes(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.withRealtime()
		ctx, leave := context.WithCancelCause(w.ctx)
		go w.Run(ctx)
		synctest.Wait()
		leave(errors.New("the page goes away"))
		synctest.Wait()
		loads := w.host.Count(tasks.RemoteKey)
		w.publish(map[string]string{"task": "a", "from": "x"})
		time.Sleep(time.Minute)
		if n := w.host.Count(tasks.RemoteKey) - loads; n != 0 || w.state().DirectNote != "" {
			t.Errorf("%d requests with the note %q; want none, and no note", n, w.state().DirectNote)
		}
	})
}
