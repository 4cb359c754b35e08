package inorder

import (
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/internal/usercode"
)

// The calls do not overlap and keep the order of the pushes, whichever goroutine pushes.
func TestCallsAreInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pushers, each = 4, 500
		last := map[byte]int{} // without a lock: the race detector sees two calls at once
		calls := 0
		q := New(func(value []byte) {
			who, n := value[0], int(value[1])<<8|int(value[2])
			if n != last[who] {
				t.Errorf("pusher %d: got call %d, want %d", who, n, last[who])
			}
			last[who]++
			calls++
		}, nil)
		var pushing sync.WaitGroup
		for who := range byte(pushers) {
			pushing.Go(func() {
				for n := range each {
					if !q.Push([]byte{who, byte(n >> 8), byte(n)}) {
						t.Error("Push returned false")
					}
				}
			})
		}
		pushing.Wait()
		synctest.Wait()
		if calls != pushers*each {
			t.Errorf("%d calls, want %d", calls, pushers*each)
		}
	})
}

// held returns a queue whose calls wait until let is called, and a function that returns the values so far.
func held() (q *Queue, let func(), got func() string) {
	var all string
	gate := make(chan struct{})
	q = New(func(value []byte) {
		<-gate
		all += string(value)
	}, nil)
	return q, func() { close(gate) }, func() string {
		synctest.Wait()
		return all
	}
}

func TestPushDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, let, got := held()
		q.Push([]byte("a"))
		q.Push([]byte("b"))
		if all := got(); all != "" {
			t.Errorf("got %q before the first call could end", all)
		}
		let()
		if all := got(); all != "ab" {
			t.Errorf("got %q, want ab", all)
		}
		// The first goroutine has ended; a new one starts.
		q.Push([]byte("c"))
		if all := got(); all != "abc" {
			t.Errorf("got %q, want abc", all)
		}
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, let, got := held()
		q.Push([]byte("a"))
		synctest.Wait() // the first call runs
		q.Push([]byte("b"))
		q.Close()
		if q.Push([]byte("c")) {
			t.Error("a closed queue accepted a value")
		}
		let()
		if all := got(); all != "a" {
			t.Errorf("got %q: only the call that ran goes on", all)
		}
	})
}

// A callback may end its own subscription, and may cause another call.
func TestPushAndCloseInFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got string
		var q *Queue
		q = New(func(value []byte) {
			got += string(value)
			switch string(value) {
			case "a":
				q.Push([]byte("c"))
			case "c":
				q.Close()
				q.Push([]byte("d"))
			}
		}, nil)
		q.Push([]byte("a"))
		synctest.Wait()
		if got != "ac" {
			t.Errorf("got %q, want ac", got)
		}
	})
}

// A callback that panics, or ends its goroutine, must not block the next call.
func TestCallPanicsOrExits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got string
		var panics []error
		q := New(func(value []byte) {
			got += string(value)
			switch string(value) {
			case "panic":
				panic("on purpose")
			case "exit":
				runtime.Goexit()
			}
		}, func(err error) { panics = append(panics, err) })
		for _, value := range []string{"panic", " then ", "exit", " then more"} {
			q.Push([]byte(value))
		}
		synctest.Wait()
		q.Push([]byte(" later"))
		synctest.Wait()
		if got != "panic then exit then more later" {
			t.Errorf("got %q", got)
		}
		if len(panics) != 1 {
			t.Fatalf("reported %v", panics)
		}
		if p, ok := errors.AsType[*usercode.PanicError](panics[0]); !ok || p.Value != "on purpose" {
			t.Errorf("reported %v", panics[0])
		}
	})
}
