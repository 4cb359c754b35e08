package tasks_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// liveBy says how the list is kept current: by realtime there is no request of the page's own.
func (w *world) liveBy() string {
	how := english.Words.Live(w.state().Live)
	if w.host.Count("fetch") > 0 {
		return how + ", by the stream"
	}
	return how + ", by realtime"
}

// TestRealtime: what one window does another one shows, and what a message says is not believed.
func TestRealtime(t *testing.T) {
	for _, way := range []tasks.Way{tasks.RequestRemote, tasks.InvokeRemote} {
		t.Run(way.String(), func(t *testing.T) {
			overEach(t, "a b", func(t *testing.T, w *world) {
				product := withProduct(w.host)
				w.backend.silent = true
				w.open(way)
				other := newWindow()
				second := tasks.New(other, w.senders, nil, english)
				w.begin(second.Run)
				if got := w.liveBy(); got != "Live, by realtime" || product.listeners() != 2 {
					t.Fatalf("it is %s, with %d listeners", got, product.listeners())
				}
				time.Sleep(time.Second)
				for _, step := range []struct {
					do   func(ctx context.Context)
					want string
				}{
					{func(ctx context.Context) { w.Add(ctx, "c") }, "[ ] a\n[ ] b\n[ ] c"},
					{func(ctx context.Context) { w.SetDone(ctx, "a", true) }, "[x] a\n[ ] b\n[ ] c"},
					{func(ctx context.Context) { w.Delete(ctx, "a") }, "[ ] b\n[ ] c"},
					{func(context.Context) { product.press("Deleted “a” [Undo]", 1) }, "[x] a\n[ ] b\n[ ] c"},
				} {
					loads := w.host.Count(tasks.RemoteKey)
					w.begin(step.do)
					if _, got, _ := cut(other.text()); got != step.want {
						t.Errorf("the other window shows\n%s\nand not\n%s", got, step.want)
					}
					// One request of this window and one of the other: nobody loads for a message of their own.
					if n := w.host.Count(tasks.RemoteKey) - loads; n != 2 {
						t.Errorf("%d requests were sent", n)
					}
					time.Sleep(time.Second)
				}
				for _, message := range []any{map[string]any{"task": "b", "kind": "deleted"}, "hello", 7, nil} {
					product.publish(message)
					time.Sleep(time.Second)
				}
				if _, got, _ := cut(other.text()); got != "[x] a\n[ ] b\n[ ] c" {
					t.Errorf("after false messages the other window shows\n%s", got)
				}
			})
		})
	}
}

// cut takes the status from what a window shows.
func cut(text string) (status, rest string, ok bool) {
	for i := range text {
		if text[i] == '\n' {
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// TestRealtimeFlood: however many messages come, the list is loaded twice a second at most, and at last.
func TestRealtimeFlood(t *testing.T) {
	overEach(t, "a", func(t *testing.T, w *world) {
		product := withProduct(w.host)
		w.backend.silent = true
		w.open(tasks.RequestRemote)
		time.Sleep(time.Second)
		loads := w.host.Count(tasks.RemoteKey)
		for range 100 {
			product.publish(map[string]string{"task": "a", "from": "x"})
			time.Sleep(20 * time.Millisecond)
		}
		w.backend.addElsewhere("b")
		product.publish(map[string]string{"task": "b", "from": "x"})
		time.Sleep(time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		if n := w.host.Count(tasks.RemoteKey) - loads; n < 4 || n > 6 {
			t.Errorf("the list was loaded %d times in 2 seconds", n)
		}
	})
}

// TestRealtimeCheck: a message that is lost is made good after a minute, and a list that cannot be loaded is not called
// live.
func TestRealtimeCheck(t *testing.T) {
	overEach(t, "a", func(t *testing.T, w *world) {
		withProduct(w.host)
		w.backend.silent = true
		w.open(tasks.RequestRemote)
		w.backend.addElsewhere("b")
		time.Sleep(time.Minute + time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		w.host.Fail(tasks.RemoteKey, bridgetest.Offline())
		time.Sleep(time.Minute + time.Second)
		if got := w.liveBy(); got != "Reconnecting…, by realtime" {
			t.Errorf("it is %s", got)
		}
		w.backend.addElsewhere("c")
		w.host.Heal(tasks.RemoteKey)
		time.Sleep(31 * time.Second)
		w.wants(w.lines("[ ] a", "[ ] b", "[ ] c")...)
		if got := w.liveBy(); got != "Live, by realtime" {
			t.Errorf("it is %s", got)
		}
	})
}

// TestNoRealtime: where the product has no realtime, does not answer, or loses the channel, the backend's events are
// followed.
func TestNoRealtime(t *testing.T) {
	cases := []struct {
		name   string
		before func(w *world)
		after  func(w *world, product *product)
	}{
		{"none", func(w *world) { w.host.Fail("subscribeRealtimeChannel", bridgetest.Reject(&noSuchCommand)) }, func(*world, *product) {}},
		{"no answer", func(w *world) { w.host.Fail("subscribeRealtimeChannel", bridgetest.Hang()) }, func(*world, *product) { time.Sleep(11 * time.Second) }},
		{"the channel breaks", func(*world) {}, func(w *world, product *product) {
			if got := w.liveBy(); got != "Live, by realtime" {
				w.t.Errorf("at first it is %s", got)
			}
			product.publish(nil, map[string]string{"message": "channel error"})
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			overEach(t, "a", func(t *testing.T, w *world) {
				product := withProduct(w.host)
				c.before(w)
				w.open(tasks.RequestRemote)
				c.after(w, product)
				synctest.Wait()
				if got := w.liveBy(); got != "Live, by the stream" || product.listeners() != 0 {
					t.Fatalf("it is %s, with %d listeners", got, product.listeners())
				}
				w.backend.addElsewhere("b")
				w.wants(w.lines("[ ] a", "[ ] b")...)
				published := w.host.Count("publishRealtimeChannel")
				w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
				if n := w.host.Count("publishRealtimeChannel") - published; n != 0 && c.name != "the channel breaks" {
					t.Error("it publishes where nobody can hear it")
				}
			})
		})
	}
}

// TestRealtimeLeaving: a page that goes away leaves its channel.
func TestRealtimeLeaving(t *testing.T) {
	overEach(t, "a", func(t *testing.T, w *world) {
		product := withProduct(w.host)
		ctx, leave := context.WithCancelCause(bridge.NewContext(t.Context(), w.client))
		go w.Run(ctx)
		if product.listeners() != 1 {
			t.Fatal("it does not listen")
		}
		leave(errors.New("the page goes away"))
		if n := product.listeners(); n != 0 || w.state().DirectNote != "" {
			t.Errorf("%d listen, and it says %q", n, w.state().DirectNote)
		}
	})
}
