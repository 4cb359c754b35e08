package devloop

import (
	"context"
	"slices"
	"sync"

	"github.com/forgego/forgego/internal/clock"
	"github.com/forgego/forgego/internal/watch"
)

// builder is what front ends and backends share: one build at a time, its error, and the files on which it depends.
type builder struct {
	loop *Loop
	job  job
	// settled is closed when the first build that was not cancelled has ended, or has become a wait for a program that does
	// not listen, or when the unit is closed.
	settled chan struct{}
	settle  func()

	mu   sync.Mutex
	err  error
	deps []watch.Root
}

// newBuilder returns the builder of a new unit. Its first build waits until an earlier unit with that id is closed: both
// would use the same files and ports.
func (l *Loop) newBuilder(id string) builder {
	settled := make(chan struct{})
	return builder{loop: l, job: job{last: l.closing[id]}, settled: settled, settle: sync.OnceFunc(func() { close(settled) })}
}

// first waits until the first build has settled, and returns its error.
func (b *builder) first() error {
	<-b.settled
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// start runs build, and then finds the dependencies, which an edit may have changed. A newer call cancels both.
func (b *builder) start(ctx context.Context, name string, build func(context.Context) error, find func(context.Context) ([]watch.Root, error)) {
	b.job.start(ctx, func(ctx context.Context) {
		began := clock.Now()
		failed := build(ctx)
		b.mu.Lock()
		b.err = failed
		b.mu.Unlock()
		if ctx.Err() == nil { // Otherwise a newer build follows.
			b.settle()
		}
		deps, err := find(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && failed == nil {
			b.loop.note("%s: cannot find out which files to watch: %v", name, err)
		}
		b.depend(deps, err == nil, began)
		b.loop.rewatch()
	})
}

// depend sets the dependencies of a build that began at a time. If they are not all, those that were known before stay.
func (b *builder) depend(deps []watch.Root, all bool, began clock.Instant) {
	for i := range deps {
		deps[i].Since = began
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !all {
		deps = slices.Concat(b.deps, without(deps, b.deps))
	}
	b.deps = deps
}

// without returns the roots that are not among others.
func without(roots, others []watch.Root) []watch.Root {
	type id struct{ path, key string }
	known := map[id]bool{}
	for _, r := range others {
		known[id{r.Path, r.Key}] = true
	}
	return slices.DeleteFunc(slices.Clone(roots), func(r watch.Root) bool { return known[id{r.Path, r.Key}] })
}

// dependencies returns the files on which the build depends, as far as they are known.
func (b *builder) dependencies() []watch.Root {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.deps
}

// close ends the build.
func (b *builder) close() {
	b.job.stop()
	b.settle()
}
