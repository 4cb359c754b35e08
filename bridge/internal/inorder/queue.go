// Package inorder calls a function for one value after another, without blocking the caller that adds them.
package inorder

import (
	"sync"

	"github.com/forgego/forgego/internal/usercode"
)

// Queue calls its function for each pushed value, one at a time, in push order. A goroutine makes the calls; it
// exists only while values are queued. A Queue is safe for concurrent use.
type Queue struct {
	run      func(value []byte)
	panicked func(err error)

	mu      sync.Mutex
	waiting [][]byte
	running bool
	closed  bool
}

// New returns a queue that calls run. run may push to the queue and close it. If run panics or ends its goroutine,
// the queue continues with the next value. panicked gets the panics.
func New(run func(value []byte), panicked func(err error)) *Queue {
	return &Queue{run: run, panicked: panicked}
}

// Push queues a call of the function and does not wait for it. It reports false, and does nothing, if the queue is
// closed.
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

// drain calls the function for the queued values.
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
				go q.drain() // run ended this goroutine
			default:
				q.panicked(err)
			}
		})
	}
}

// next removes and returns the first queued value. It reports false if there is none.
func (q *Queue) next() (value []byte, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.running = false
		return nil, false
	}
	value = q.waiting[0]
	q.waiting[0] = nil // let the collector free it
	q.waiting = q.waiting[1:]
	return value, true
}

// Close drops the queued values. A call in progress continues.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.closed = nil, true
}
