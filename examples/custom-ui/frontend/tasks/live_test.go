package tasks_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
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

// TestLive checks that changes by others are shown soon, with each way.
func TestLive(t *testing.T) {
	byEachWay(t, "a b", func(t *testing.T, w *world, _ tasks.Way) {
		w.backend.addElsewhere("c")
		w.wants(w.lines("[ ] a", "[ ] b", "[ ] c")...)
		w.backend.set(func() {
			w.backend.tasks[1].Done = true
			w.backend.tell("changed", w.backend.tasks[1])
		})
		time.Sleep(time.Second)
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
		time.Sleep(15 * time.Second) // then the page loads the list, because messages may be lost
		if s := w.state(); s.Live != tasks.Reconnecting || len(s.Rows) != 2 {
			t.Errorf("the state is %+v; want Reconnecting with two rows", s)
		}
		w.backend.set(func() { w.backend.noEvents = 0 })
		time.Sleep(30 * time.Second)
		w.wants(w.lines("[ ] a", "[ ] b")...)
		if s := w.state(); s.Live != tasks.Live || s.DirectNote != "" {
			t.Errorf("the list is %v with the note %q; want Live without a note", s.Live, s.DirectNote)
		}
	})
}

// wantsBackend compares the tasks that the window shows with those of the backend.
func (w *world) wantsBackend(name string, shown *window) {
	w.t.Helper()
	synctest.Wait()
	var got, want []tasks.Task
	for _, r := range shown.shown().Rows {
		got = append(got, r.Task)
	}
	w.backend.set(func() { want = append(want, w.backend.tasks...) })
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: the window shows %v; want the tasks of the backend, %v", name, got, want)
	}
}

// TestOwnChangeDuringALoad checks that a list that was loaded before a change of this window does not undo the change.
func TestOwnChangeDuringALoad(t *testing.T) {
	cases := []struct {
		name   string
		change func(ctx context.Context, w *world)
		want   string
	}{
		{"complete", func(ctx context.Context, w *world) { w.SetDone(ctx, "a", true) }, "[x] a, [ ] b, [ ] x"},
		{"complete and reopen", func(ctx context.Context, w *world) {
			w.SetDone(ctx, "b", true)
			w.SetDone(ctx, "b", false)
		}, "[ ] a, [ ] b, [ ] x"},
		{"add", func(ctx context.Context, w *world) { w.Add(ctx, "c") }, "[ ] a, [ ] b, [ ] c, [ ] x"},
		{"delete", func(ctx context.Context, w *world) { w.Delete(ctx, "a") }, "[ ] b, [ ] x"},
		{"restore", func(ctx context.Context, w *world) {
			w.Delete(ctx, "b")
			w.Undo(ctx, tasks.Task{ID: "b", Name: "b"})
		}, "[ ] a, [ ] b, [ ] x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, "a b", func(t *testing.T, w *world) {
				w.withRealtime()
				w.open(tasks.RequestRemote)
				time.Sleep(time.Second)
				w.backend.set(func() {
					w.backend.slow = 2 * time.Second
					w.backend.add("x")
				})
				w.publish(map[string]string{"task": "x", "from": "x"})
				time.Sleep(time.Second) // the load has begun, and its answer is under way
				w.begin(func(ctx context.Context) { c.change(ctx, w) })
				time.Sleep(1500 * time.Millisecond) // the answer has arrived
				if got := strings.Join(w.rows(), ", "); got != c.want {
					t.Errorf("the page shows %s; want %s", got, c.want)
				}
				time.Sleep(10 * time.Second)
				w.wantsBackend("in the end", w.window)
			})
		})
	}
}

// TestLoadDuringOwnChange checks that a list that is loaded while a change is in progress does not undo the change, and that
// the other tasks are shown.
func TestLoadDuringOwnChange(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		time.Sleep(time.Second)
		w.backend.set(func() { w.backend.slowChange = 5 * time.Second })
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		requests := w.host.Count(tasks.RemoteKey)
		w.backend.addElsewhere("c")
		w.wants(w.lines("[x] a <Checkbox>", "[ ] b", "[ ] c")...)
		time.Sleep(3 * time.Second)
		if n := w.host.Count(tasks.RemoteKey) - requests; n != 1 {
			t.Errorf("%d requests during the change; want one load", n)
		}
		time.Sleep(6 * time.Second)
		w.wants("status: Completed “a” by requestRemote in 10000 ms.", "[x] a", "[ ] b", "[ ] c")
	})
}

// TestLostAnswer checks that the page shows what a change has done although its answer was lost.
func TestLostAnswer(t *testing.T) {
	inWorld(t, "a b", func(t *testing.T, w *world) {
		w.open(tasks.RequestRemote)
		time.Sleep(time.Second)
		w.backend.set(func() { w.backend.slowChange, w.backend.loseAnswer = 2*time.Second, true })
		w.begin(func(ctx context.Context) { w.SetDone(ctx, "a", true) })
		time.Sleep(5 * time.Second)
		w.wants("status: ", "! Completing “a” failed. "+unreachable+" <Retry> <Dismiss>", "[x] a", "[ ] b")
	})
}

// TestManyWindows changes one list from several windows at random, with requests that take some time and answers that are
// lost. In the end all windows must show what the backend has.
func TestManyWindows(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		inWorld(t, "a b c", func(t *testing.T, w *world) {
			windows := map[string]*window{"first": w.window}
			pages := []*tasks.Page{w.Page}
			for _, name := range []string{"second", "third"} {
				windows[name] = newWindow()
				pages = append(pages, tasks.New(windows[name], w.direct, bridge.NewTokenCache(tasks.Tokens()), english))
			}
			for _, page := range pages {
				w.begin(page.Run)
			}
			var deleted []tasks.Task
			for range 40 {
				page := pages[random.IntN(len(pages))]
				var of tasks.Task
				w.backend.set(func() {
					w.backend.slow = time.Duration(random.IntN(1500)) * time.Millisecond
					w.backend.loseAnswer = random.IntN(8) == 0
					if len(w.backend.tasks) > 0 {
						of = w.backend.tasks[random.IntN(len(w.backend.tasks))]
					}
				})
				action := random.IntN(5)
				switch {
				case action == 0:
					go page.Add(w.ctx, fmt.Sprint("new ", random.IntN(1000)))
				case action == 1 && of.ID != "":
					deleted = append(deleted, of)
					go page.Delete(w.ctx, of.ID)
				case action == 2 && len(deleted) > 0:
					go page.Undo(w.ctx, deleted[len(deleted)-1])
				default:
					go page.SetDone(w.ctx, of.ID, !of.Done)
				}
				time.Sleep(time.Duration(random.IntN(800)) * time.Millisecond)
			}
			time.Sleep(5 * time.Second)
			for name, shown := range windows {
				w.wantsBackend(fmt.Sprintf("seed %d, %s window", seed, name), shown)
			}
		})
	}
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
		first.withRealtime()
		first.host.Fail("subscribeRealtimeChannel", bridgetest.Reject(&noSuchCommand))
		browser := newBrowser()
		var windows []*world
		var leave []context.CancelFunc
		for range 20 {
			w := *first
			w.window = newWindow()
			w.Page = tasks.New(w.window, w.direct, bridge.NewTokenCache(tasks.Tokens()), english)
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

// rows returns the tasks as "[x] name".
func (w *world) rows() []string {
	var rows []string
	for _, r := range w.state().Rows {
		rows = append(rows, map[bool]string{false: "[ ] ", true: "[x] "}[r.Done]+r.Task.Name)
	}
	return rows
}
