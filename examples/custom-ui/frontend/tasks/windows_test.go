package tasks_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

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
	overEach(t, "a", func(t *testing.T, first *world) {
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
			t.Errorf("%d streams are open", got)
		}
		first.backend.addElsewhere("b")
		show(0, "a", "b")
		leave[0]()
		synctest.Wait()
		show(1, "a", "b")
		first.backend.addElsewhere("c")
		show(1, "a", "b", "c")
		if got := first.backend.streams(); got != 1 {
			t.Errorf("%d streams are open after the first window is closed", got)
		}
	})
}
