package devloop

import (
	"context"
	"sync"
)

// job runs one task at a time. The zero value is ready to use.
type job struct {
	mu     sync.Mutex
	cancel context.CancelFunc
	last   chan struct{} // closed when the task that was started last has ended
}

// start cancels the running task, and runs the new one as soon as that has ended. A task that is cancelled before its turn
// is not run.
func (j *job) start(ctx context.Context, task func(context.Context)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cancel != nil {
		j.cancel()
	}
	ctx, cancel := context.WithCancel(ctx)
	before, done := j.last, make(chan struct{})
	j.cancel, j.last = cancel, done
	go func() {
		defer close(done)
		defer cancel()
		if before != nil {
			<-before
		}
		if ctx.Err() == nil {
			task(ctx)
		}
	}()
}

// stop cancels the running task and waits for its end.
func (j *job) stop() {
	j.mu.Lock()
	if j.cancel != nil {
		j.cancel()
	}
	j.mu.Unlock()
	j.wait()
}

// wait waits for the end of the task that was started last.
func (j *job) wait() {
	j.mu.Lock()
	last := j.last
	j.mu.Unlock()
	if last != nil {
		<-last
	}
}
