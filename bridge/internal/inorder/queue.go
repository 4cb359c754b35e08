// Package inorder calls a function for one value after the other, without making whoever brings them wait.
package inorder

import (
	"sync"

	"github.com/forgego/forgego/internal/usercode"
)

// Queue calls its function for what is pushed, one after the other, in the order of the pushes. The calls are made by a
// goroutine that lives while there are any. It is safe for use by several goroutines at once.
type Queue struct {
	run      func(value []byte)
	panicked func(err error)

	mu      sync.Mutex
	waiting [][]byte
	running bool
	closed  bool
}

// New returns a queue for a function, which may push to the queue and close it. If it panics, or ends its goroutine, the
// next value comes all the same; panicked gets the panics.
func New(run func(value []byte), panicked func(err error)) *Queue {
	return &Queue{run: run, panicked: panicked}
}

// Push has the function called, and does not wait for it. It reports false, and does nothing, if the queue is closed.
func (q *Queue) Push(value []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, value)
	if !q.running {
		q.running = true
		go q.drain()
	}
	return true
}

// drain calls the function for what waits.
func (q *Queue) drain() {
	for {
		value, ok := q.next()
		if !ok {
			return
		}
		usercode.Call(func() error {
			q.run(value)
			return nil
		}, func(err error) {
			switch err {
			case nil:
			case usercode.ErrGoexit:
				go q.drain() // this goroutine ends
			default:
				q.panicked(err)
			}
		})
	}
}

// next takes the first value that waits, and reports false if there is none.
func (q *Queue) next() (value []byte, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.running = false
		return nil, false
	}
	value = q.waiting[0]
	q.waiting[0] = nil // the array behind the slice must not keep it
	q.waiting = q.waiting[1:]
	return value, true
}

// Close drops what waits. A call that runs goes on.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.closed = nil, true
}
