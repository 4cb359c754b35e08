package bridge

import "sync"

// callbackQueue runs a callback's calls one after the other, in their order, in a goroutine that lives while there are any.
type callbackQueue struct {
	run func(arguments []byte)

	mu      sync.Mutex
	waiting [][]byte
	running bool
	closed  bool
}

// push has the callback called with these arguments, and does not wait for it.
func (q *callbackQueue) push(arguments []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.waiting = append(q.waiting, arguments)
	if !q.running {
		q.running = true
		go q.drain()
	}
}

func (q *callbackQueue) drain() {
	for {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		arguments := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		q.run(arguments)
	}
}

// close drops what waits. A call that runs goes on.
func (q *callbackQueue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.closed = nil, true
}
