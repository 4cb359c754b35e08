// Package inorder calls a function for one value after the other, without making whoever brings them wait.
package inorder

import "sync"

// Queue calls its function for what is pushed, one after the other, in the order of the pushes. The calls are made by a
// goroutine that lives while there are any. It is safe for use by several goroutines at once.
type Queue struct {
	run func(value []byte)

	mu      sync.Mutex
	waiting [][]byte
	running bool
	closed  bool
}

// New gives a queue for a function, which must not panic, and may push to the queue and close it.
func New(run func(value []byte)) *Queue { return &Queue{run: run} }

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

func (q *Queue) drain() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		value := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		q.run(value)
	}
}

// Close drops what waits. A call that runs goes on.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.closed = nil, true
}
