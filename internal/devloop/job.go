package devloop

import (
	"context"
	"sync"
)

// job runs one task at a time. The zero value is ready to use.
type job struct {
	mu     sync.Mutex
	cancel context.CancelFunc
	// last is closed when the task that was started last has ended. If it is set before the first task, that task waits too.
	last <-chan struct{}
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

// wait waits until no task runs.
func (j *job) wait() {
	for last := j.latest(); last != nil; {
		<-last
		before := last
		if last = j.latest(); last == before {
			return
		}
	}
}

func (j *job) latest() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}
