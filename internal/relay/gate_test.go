package relay

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestGateWaits(t *testing.T) {
	down := errors.New("down")
	for _, c := range []struct {
		name string
		// after is what happens after 3 seconds, and after 3 more.
		after []state
		// cancel ends the request's context after 5 seconds.
		cancel bool
		want   state
		err    error
		took   time.Duration
	}{
		{"until the backend listens", []state{{phase: forwarding, addr: "a"}}, false, state{phase: forwarding, addr: "a"}, nil, 3 * time.Second},
		{"through another restart", []state{{phase: holding}, {phase: forwarding, addr: "b"}}, false, state{phase: forwarding, addr: "b"}, nil, 6 * time.Second},
		{"until the backend fails", []state{{phase: failed, err: down}}, false, state{phase: failed, err: down}, nil, 3 * time.Second},
		{"no longer than the limit", nil, false, state{}, errWaited, 10 * time.Second},
		{"no longer than the limit in several restarts", []state{{phase: holding}, {phase: holding}}, false, state{phase: holding}, errWaited, 10 * time.Second},
		{"no longer than the client", nil, true, state{}, context.Canceled, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newGate(10*time.Second, 10)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go func() {
					for _, s := range c.after {
						time.Sleep(3 * time.Second)
						g.set(s)
					}
				}()
				if c.cancel {
					time.AfterFunc(5*time.Second, cancel)
				}
				begin := time.Now()
				got, waited, err := g.pass(ctx, time.After(g.wait))
				if got.phase != c.want.phase || got.addr != c.want.addr || got.err != c.want.err || !errors.Is(err, c.err) {
					t.Errorf("pass returns %+v, %v; want %+v, %v", got, err, c.want, c.err)
				}
				if took := time.Since(begin); took != c.took || waited != c.took {
					t.Errorf("pass took %v and returns %v, want %v", took, waited, c.took)
				}
				if g.waiting != 0 {
					t.Errorf("%d requests still wait", g.waiting)
				}
			})
		})
	}
}

func TestGateDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(10*time.Second, 10)
		for _, s := range []state{{phase: forwarding, addr: "a"}, {phase: failed}} {
			g.set(s)
			begin := time.Now()
			if got, waited, err := g.pass(t.Context(), nil); err != nil || waited != 0 || got.phase != s.phase {
				t.Errorf("pass returns %+v, %v", got, err)
			}
			if took := time.Since(begin); took != 0 {
				t.Errorf("pass took %v", took)
			}
		}
	})
}

func TestGateLimitsWaitingRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 5
		g := newGate(10*time.Second, limit)
		var waiting sync.WaitGroup
		for range limit {
			waiting.Go(func() {
				if s, _, err := g.pass(t.Context(), nil); err != nil || s.addr != "a" {
					t.Errorf("a waiting request gets %+v, %v", s, err)
				}
			})
		}
		synctest.Wait()
		if _, _, err := g.pass(t.Context(), nil); err != errCrowded {
			t.Errorf("one more returns %v", err)
		}
		g.set(state{phase: forwarding, addr: "a"})
		waiting.Wait()
		g.set(state{phase: holding})
		if _, _, err := g.pass(t.Context(), time.After(time.Second)); err != errWaited {
			t.Errorf("after that, one request returns %v", err)
		}
	})
}

func TestStateKnowsItsEnd(t *testing.T) {
	g := newGate(time.Second, 1)
	s := g.current()
	if s.changed() {
		t.Error("the first state is over at once")
	}
	g.set(state{phase: holding})
	if !s.changed() || g.current().changed() {
		t.Error("only the first state must be over")
	}
}
