package devloop

import (
	"context"
	"io/fs"
	"os"
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
	// settled is closed when the first build that was not cancelled has ended, or has become a wait for a program that does
	// not listen, or when the unit is closed.
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
		since := b.loop.fileTime()
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
		b.depend(deps, err == nil, since)
		b.loop.rewatch()
	})
}

// depend sets the dependencies of a build that began at a time. If they are not all, those that were known before stay.
func (b *builder) depend(deps []watch.Root, all bool, since time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	added := without(deps, b.deps)
	b.added, b.since = append(b.added, added...), since
	if all {
		b.deps = deps
	} else {
		b.deps = slices.Concat(b.deps, added)
	}
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

// missed reports whether a dependency has changed before it was watched. Call it when all dependencies are watched.
func (b *builder) missed() bool {
	b.mu.Lock()
	added, since := b.added, b.since
	b.added = nil
	b.mu.Unlock()
	return slices.ContainsFunc(added, func(r watch.Root) bool { return changedSince(r, since) })
}

// fileTime returns the time that a file gets that is written now. It can be behind the clock by some milliseconds.
func (l *Loop) fileTime() time.Time {
	now := time.Now()
	f, err := os.CreateTemp(l.temp, "time-*")
	if err != nil {
		return now
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		return info.ModTime()
	}
	return now
}

// changedSince reports whether a file of a root has changed since a time.
func changedSince(r watch.Root, since time.Time) bool {
	path := r.Path
	for r.Match != nil && path != filepath.Dir(path) {
		// If the folder of a package was removed, the folder above it tells when.
		if _, err := os.Lstat(path); err == nil {
			break
		}
		path = filepath.Dir(path)
		r = watch.Root{Path: path, Match: func(string) bool { return false }}
	}
	// A time in the future, as after the clock was set back, is no news at each build.
	now, changed := time.Now(), false
	_ = filepath.WalkDir(r.Path, func(path string, entry fs.DirEntry, err error) error { // what can be read
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != r.Path && (!r.Recursive || watch.Ignored(path, true)):
			return fs.SkipDir
		case !entry.IsDir() && path != r.Path && r.Match != nil && !r.Match(path):
			return nil
		}
		// The time of a folder tells that a file was removed or renamed.
		if info, err := entry.Info(); err == nil && !info.ModTime().Before(since) && !info.ModTime().After(now) {
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

// close ends the build.
func (b *builder) close() {
	b.job.stop()
	b.settle()
}
