package tasks_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// TestLive checks that changes by others are shown at once, with each way.
func TestLive(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, _ tasks.Way) {
		w.backend.addElsewhere("c")
		w.wants(w.lines("[ ] a", "[ ] b", "[ ] c")...)
		w.backend.set(func() {
			w.backend.tasks[1].Done = true
			w.backend.tell("changed", w.backend.tasks[1])
		})
		w.wants(w.lines("[ ] a", "[x] b", "[ ] c")...)
		w.backend.deleteElsewhere("a")
		w.wants(w.lines("[x] b", "[ ] c")...)
	})
}

// TestReconnect checks that a broken connection is opened again, and that no change is missed.
func TestReconnect(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.backend.cutEvents(503)
		w.backend.addElsewhere("b")
		if s := w.state(); s.Live != tasks.Reconnecting || len(s.Rows) != 1 {
			t.Errorf("the state is %+v; want Reconnecting with one row", s)
		}
		time.Sleep(time.Minute)
		w.backend.set(func() { w.backend.noEvents = 0 })
		time.Sleep(30 * time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		if s := w.state(); s.Live != tasks.Live || s.DirectNote != "" {
			t.Errorf("the list is %v with the note %q; want Live without a note", s.Live, s.DirectNote)
		}
	})
}

// TestLateEventsOfOwnChange checks events about this window's own change that come late or never. The page must not go back to the
// state before the change, and must show later changes.
func TestLateEventsOfOwnChange(t *testing.T) {
	changed := func(w *world, done bool) func() {
		return func() {
			w.backend.silent = false
			w.backend.tell("changed", tasks.Task{ID: "a", Name: "a", Done: done})
		}
	}
	cases := []struct {
		name string
		// before and after run before and after the window's own change, which makes no event by itself.
		before, after func(w *world)
		// old is the number of old events that are sent later. They must change nothing.
		old int
	}{
		{"told late", func(*world) {}, func(*world) {}, 2},
		{"told late, after a connection that broke", func(w *world) {
			w.backend.addElsewhere("b")
			w.backend.cutEvents(0)
			time.Sleep(2 * time.Second)
		}, func(*world) {}, 2},
		{"never told, as nothing was connected", func(w *world) {
			w.backend.addElsewhere("b")
			w.backend.cutEvents(503)
		}, func(w *world) {
			w.backend.set(func() { w.backend.noEvents = 0 })
			time.Sleep(time.Minute)
		}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.open(tasks.RequestRemote)
				c.before(w)
				synctest.Wait()
				w.backend.set(func() { w.backend.silent = true })
				w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
				c.after(w)
				if s := w.state(); !s.Rows[0].Done || s.Live != tasks.Live {
					t.Errorf("the state is %+v; want the change, and Live", s)
				}
				for i := range c.old {
					w.backend.set(changed(w, i%2 == 1)) // first the state before the change, then the change itself
					if !w.row("a").Done {
						t.Errorf("event %d, which is older than the change, reverted it", i)
					}
				}
				w.backend.set(changed(w, false))
				if w.row("a").Done {
					t.Error("a later change is not shown")
				}
			})
		})
	}
}

// TestLostEvents checks that the list is loaded again if events were lost, and that the loaded list replaces the window's
// own.
func TestLostEvents(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.backend.set(func() { w.backend.silent = true })
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		w.backend.deleteElsewhere("b")
		w.wants("status: Completed “a” by requestRemote"+oneMS, "[x] a", "[ ] b")
		w.backend.set(func() {
			w.backend.tasks[0].Done = false
			w.backend.silent = false
			w.backend.send("event: reset\ndata: {}")
		})
		w.wants("status: Completed “a” by requestRemote"+oneMS, "[ ] a")
	})
}

// TestNotLive checks the reasons why a list is not live, and that choosing direct tries again.
func TestNotLive(t *testing.T) {
	cases := []struct {
		name    string
		failure error
		note    string
		again   bool
	}{
		{"blocked", bridge.ErrBlocked, "The list is not live, and direct does not work. This page’s policy does not let it reach the task service by itself. Choose another way to send, or add “- remote: tasks-api” under permissions.external.fetch.client in manifest.yml.", true},
		{"offline", bridge.ErrNetwork, "The list is not live yet. " + unreachable + " If the other ways work, the task service does not allow this page’s own origin by CORS.", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a", func(t *testing.T, w *world) {
				w.host.Fail("fetch", bridgetest.Reject(c.failure))
				w.open(tasks.RequestRemote)
				time.Sleep(5 * time.Second)
				w.wants(w.lines("[ ] a")...)
				if s := w.state(); s.Live != tasks.NotLive || s.DirectNote != c.note {
					t.Errorf("the list is %v with the note %q; want NotLive with %q", s.Live, s.DirectNote, c.note)
				}
				// This window's own changes are shown nevertheless.
				w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
				w.wants("status: Completed “a” by requestRemote"+oneMS, "[x] a")

				w.host.Heal("fetch")
				tries := w.host.Count("fetch")
				w.begin(func(ctx context.Context) { w.Choose(ctx, tasks.InvokeRemote) })
				if w.host.Count("fetch") != tries {
					t.Error("choosing invokeRemote opened an event stream")
				}
				w.begin(func(ctx context.Context) { w.Choose(ctx, tasks.Direct) })
				if !c.again {
					// A try is already in progress.
					if w.host.Count("fetch") != tries {
						t.Error("a second event stream was opened")
					}
					time.Sleep(time.Minute)
				}
				if s := w.state(); s.Live != tasks.Live || s.DirectNote != "" {
					t.Errorf("the list is %v with the note %q; want Live without a note", s.Live, s.DirectNote)
				}
			})
		})
	}
}

// TestTwoWindows checks that each window shows the other's changes, and that both show what the backend has.
func TestTwoWindows(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, way tasks.Way) {
		other := newWindow()
		cache := bridge.NewTokenCache(bridge.TokenFunc(func(ctx context.Context, key string) (bridge.Token, error) {
			return hostToken(ctx, w.host, key)
		}))
		client := w.host.Client()
		second := tasks.New(other, tasks.Bridge(client, w.host.Client(bridge.Direct(cache, bridge.WithFetcher(w.host.Fetcher())))), cache, english)
		w.begin(second.Run)

		w.host.Delay(tasks.RemoteKey, time.Second)
		go w.Add(w.ctx, "c")
		go second.Add(w.ctx, "d")
		go w.SetDone(w.ctx, "a", true)
		go second.SetDone(w.ctx, "a", true)
		go second.Delete(w.ctx, "b")
		time.Sleep(2 * time.Second)
		want := ""
		w.backend.set(func() {
			for _, task := range w.backend.tasks {
				want += map[bool]string{false: "[ ] ", true: "[x] "}[task.Done] + task.Name + "\n"
			}
		})
		for name, window := range map[string]*window{"the first": w.window, "the second": other} {
			_, got, _ := strings.Cut(window.text(), "\n")
			if got+"\n" != want {
				t.Errorf("%s window shows\n%s\nwant the tasks of the backend\n%s", name, got, want)
			}
		}
		if strings.Count(want, "\n") != 3 {
			t.Errorf("the backend has\n%s\nwant three tasks", want)
		}
	})
}

// TestWatchToken checks that the facts about the token are updated with the time, while somebody looks at them.
func TestWatchToken(t *testing.T) {
	inWorld(t, "", func(t *testing.T, w *world) {
		w.open(tasks.Direct)
		var seen atomic.Bool
		seen.Store(true)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			w.WatchToken(ctx, seen.Load)
			close(ended)
		}()
		first := w.state().Token
		if first.Seconds != "25" || first.Mints != "1" || first.Failures != "0" {
			t.Errorf("the facts are %+v; want 25 seconds, one mint and no failure", first)
		}
		time.Sleep(2 * time.Second)
		if got := w.state().Token; got.Seconds != "23" {
			t.Errorf("after two seconds the facts are %+v; want 23 seconds", got)
		}
		seen.Store(false)
		time.Sleep(2 * time.Second)
		if got := w.state().Token; got.Seconds != "23" {
			t.Errorf("while nobody looks the facts are %+v; want no update", got)
		}
		seen.Store(true)
		time.Sleep(time.Second)
		if got := w.state().Token; got.Seconds != "20" {
			t.Errorf("when somebody looks again the facts are %+v; want 20 seconds", got)
		}
		cancel()
		<-ended
	})
}

// TestRestoredTaskInAnUnknownPlace checks that the list is loaded again if an event cannot say where a restored task belongs.
func TestRestoredTaskInAnUnknownPlace(t *testing.T) {
	inWorld(t, "a b c", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		w.backend.set(func() {
			back := tasks.Task{ID: "x", Name: "x"}
			w.backend.tasks = append([]tasks.Task{w.backend.tasks[0], back}, w.backend.tasks[1:]...)
			w.backend.send(`event: change` + "\n" + `data: {"kind":"added","task":{"id":"x","name":"x"},"after":"unknown"}`)
		})
		w.wants(w.lines("[ ] a", "[ ] x", "[ ] b", "[ ] c")...)
	})
}

// browser has the windows that share a stream. The lock holds one value while a window leads.
type browser struct {
	lock chan struct{}

	mu   sync.Mutex
	told map[*shared]func()
}

func newBrowser() *browser { return &browser{lock: make(chan struct{}, 1), told: map[*shared]func(){}} }

// shared is one window of a browser.
type shared struct{ browser *browser }

func (s *shared) Lead(ctx context.Context, wait bool) (release func(), leads bool) {
	release = func() { <-s.browser.lock }
	if !wait {
		select {
		case s.browser.lock <- struct{}{}:
			return release, true
		default:
			return nil, false
		}
	}
	select {
	case s.browser.lock <- struct{}{}:
		return release, true
	case <-ctx.Done():
		return nil, false
	}
}

func (s *shared) Tell() {
	s.browser.mu.Lock()
	defer s.browser.mu.Unlock()
	for other, told := range s.browser.told {
		if other != s {
			told()
		}
	}
}

func (s *shared) Hear(told func()) {
	s.browser.mu.Lock()
	defer s.browser.mu.Unlock()
	s.browser.told[s] = told
}

// TestWindowsShareOneStream checks that twenty windows of a browser use one event stream and that all show the changes.
// When the window that has the stream closes, another one opens a stream.
func TestWindowsShareOneStream(t *testing.T) {
	inWorld(t, "a", func(t *testing.T, first *world) {
		withProduct(first.host)
		first.host.Fail("subscribeRealtimeChannel", bridgetest.Reject(&noSuchCommand))
		browser := newBrowser()
		var windows []*world
		var leave []context.CancelFunc
		for range 20 {
			w := *first
			w.window = newWindow()
			w.Page = tasks.New(w.window, w.senders, bridge.NewTokenCache(tasks.Tokens()), english)
			w.Share(&shared{browser})
			ctx, cancel := context.WithCancel(first.ctx)
			w.ctx = ctx
			w.open(tasks.RequestRemote)
			windows, leave = append(windows, &w), append(leave, cancel)
		}
		show := func(from int, rows ...string) {
			t.Helper()
			time.Sleep(time.Second) // the time between loads
			for i, w := range windows[from:] {
				s := w.state()
				got := make([]string, len(s.Rows))
				for i, r := range s.Rows {
					got[i] = r.Task.Name
				}
				if s.Live != tasks.Live || fmt.Sprint(got) != fmt.Sprint(rows) {
					t.Errorf("window %d shows %v, %v; want %v", from+i, got, s.Live, rows)
				}
			}
		}
		show(0, "a")
		if got := first.backend.streams(); got != 1 {
			t.Errorf("%d streams are open; want one", got)
		}
		first.backend.addElsewhere("b")
		show(0, "a", "b")
		leave[0]()
		synctest.Wait()
		show(1, "a", "b")
		first.backend.addElsewhere("c")
		show(1, "a", "b", "c")
		if got := first.backend.streams(); got != 1 {
			t.Errorf("%d streams are open after the first window is closed; want one", got)
		}
	})
}
