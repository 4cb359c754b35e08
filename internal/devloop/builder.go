package devloop

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/watch"
)

// builder is what front ends and backends share: one build at a time, its error, and the files on which it depends.
type builder struct {
	loop *Loop
	job  job
	// settled is closed when the first build has ended, or has become a wait for a program that does not listen.
	settled chan struct{}
	settle  func()

	mu   sync.Mutex
	err  error
	deps []watch.Root
	// added are dependencies that the last build has added, and since is when it began: a change of them since then may
	// have been missed, because they were not watched.
	added []watch.Root
	since time.Time
}

func newBuilder(l *Loop) builder {
	settled := make(chan struct{})
	return builder{loop: l, settled: settled, settle: sync.OnceFunc(func() { close(settled) })}
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
		since := time.Now()
		err := build(ctx)
		b.mu.Lock()
		b.err = err
		b.mu.Unlock()
		b.settle()
		deps, err := find(ctx)
		if err != nil {
			if ctx.Err() == nil {
				b.loop.note("%s: cannot find out which files to watch: %v", name, err)
			}
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		before := map[string]bool{}
		for _, r := range b.deps {
			before[r.Path] = true
		}
		added := slices.DeleteFunc(slices.Clone(deps), func(r watch.Root) bool { return before[r.Path] })
		if len(added) == 0 && len(deps) == len(b.deps) {
			return
		}
		b.added = append(b.added, added...)
		b.deps, b.since = deps, since
		b.loop.rewatch()
	})
}

// missed reports whether a dependency has changed before it was watched. Call it when all dependencies are watched.
func (b *builder) missed() bool {
	b.mu.Lock()
	added, since := b.added, b.since
	b.added = nil
	b.mu.Unlock()
	return slices.ContainsFunc(added, func(r watch.Root) bool { return changedSince(r, since) })
}

// changedSince reports whether a file of a root has changed since a time.
func changedSince(r watch.Root, since time.Time) bool {
	changed := false
	_ = filepath.WalkDir(r.Path, func(path string, entry fs.DirEntry, err error) error { // what can be read
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != r.Path && (!r.Recursive || watch.Ignored(path, true)):
			return fs.SkipDir
		case entry.IsDir() || path != r.Path && r.Match != nil && !r.Match(path):
			return nil
		}
		if info, err := entry.Info(); err == nil && info.ModTime().After(since) {
			changed = true
			return fs.SkipAll
		}
		return nil
	})
	return changed
}

// dependencies returns the files on which the build depends, as far as they are known.
func (b *builder) dependencies() []watch.Root {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.deps
}
