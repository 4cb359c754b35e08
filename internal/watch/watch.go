// Package watch reports which files changed. The system's events are only hints: an event says which folder to look
// at. What counts is the difference between the files now and the files before, so events that come twice or too early
// do no harm. Where there are no events, it looks at all files every 500 ms. A folder above a root that is replaced, and a
// link that leads elsewhere, have no event either: these are compared every 500 ms.
package watch

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

const (
	// quiet is how long no event may come before the folders are looked at, so that a save is one batch.
	quiet = 20 * time.Millisecond
	// patience is how long events that keep coming can delay that.
	patience = 200 * time.Millisecond
	// pollInterval is the least time between two looks at all files, or between two calls of hasMoved.
	pollInterval = 500 * time.Millisecond
	// maxFiles is how many files and folders are watched.
	maxFiles = 50_000
	// maxFailures is how many errors of the system's events are tolerated before polling replaces them.
	maxFailures = 10
)

// ErrClosed means that the watcher has been closed.
var ErrClosed = errors.New("the watcher is closed")

// Options are the options of New. The zero value is valid.
type Options struct {
	// Poll looks at all files every 500 ms, or less often if that takes long, instead of using the system's events. Some
	// file systems report no changes, such as shared folders of virtual machines, and no system reports a change by
	// another hard link. Without this option, the watcher polls where it knows that there are no events.
	Poll bool
	// Ignore reports whether to ignore a file or a folder, given its absolute path. It is asked about what is below a
	// root, never about a root itself. The watcher's goroutine calls Ignore, Match and Report. None of them may call the
	// watcher. The default is Ignored.
	Ignore func(path string, folder bool) bool
	// Report receives what the user should know, such as that too many files are watched: a text without a line end.
	// The default discards it.
	Report func(text string)

	// Tests replace these.
	notifier func() (*notifier, error)
	open     func(folder string) (*os.File, error)
	limit    int
	interval time.Duration
}

// Root is a file or a folder to watch. It need not exist: it is watched as soon as it does.
type Root struct {
	// Path is the file or the folder. A symbolic link is followed.
	Path string
	// Recursive means that the folder's folders are watched too.
	Recursive bool
	// Match reports whether a file in the folder belongs to it, given its absolute path. It is not asked about Path
	// itself. The default is all files.
	Match func(path string) bool
	// Key tells apart roots with one path and different functions Match.
	Key string
	// Since is when the operation began whose inputs the caller learned only at its end, such as a build. If the root was
	// not watched before and has changed since then, Set reports one change with Path and the root's group. The default
	// reports nothing.
	Since clock.Instant
}

// Op says what happened to a file.
type Op int

const (
	Created Op = iota
	Changed
	Removed
)

func (o Op) String() string { return [...]string{"created", "changed", "removed"}[o] }

// Change is a file that is not as it was before.
type Change struct {
	// Path is absolute. It is the path of a root or begins with it; symbolic links in it are not resolved.
	Path string
	Op   Op
	// Groups are the names of all groups of roots that the file belongs to, sorted.
	Groups []string
}

// Watcher reports changes of files. Its methods may be called from several goroutines.
type Watcher struct {
	options  Options
	changes  chan []Change
	requests chan request
	closing  chan struct{}
	closed   chan struct{}
	once     sync.Once

	// What follows belongs to the goroutine of run.
	tree
	// pending are the changes that nobody has received yet, by path.
	pending map[string]Change
	batch   []Change // of pending; nil if not made yet
	dirty   map[*folder]bool
	// stale means that watches may be missing or belong to other folders. Then all are replaced.
	stale bool
	// first is when the oldest hint that waits for the timer came, or zero.
	first       time.Time
	timer, poll *time.Timer
	polling     bool // poll is running
}

// request asks the goroutine of run to do something.
type request struct {
	do   func()
	done chan struct{}
}

// New returns a watcher without roots. Close ends it.
func New(o Options) *Watcher {
	if o.Ignore == nil {
		o.Ignore = Ignored
	}
	if o.Report == nil {
		o.Report = func(string) {}
	}
	if o.notifier == nil {
		o.notifier = newNotifier
	}
	if o.open == nil {
		o.open = os.Open
	}
	if o.limit == 0 {
		o.limit = maxFiles
	}
	if o.interval == 0 {
		o.interval = pollInterval
	}
	w := &Watcher{
		options: o, changes: make(chan []Change), requests: make(chan request), closing: make(chan struct{}), closed: make(chan struct{}),
		pending: map[string]Change{}, dirty: map[*folder]bool{}, timer: time.NewTimer(time.Hour), poll: time.NewTimer(time.Hour),
	}
	w.timer.Stop()
	w.poll.Stop()
	w.folders = map[string]*folder{}
	w.resetWatches()
	go w.run()
	return w
}

// Set replaces what is watched: groups of roots by their names. It returns when all files have been looked at, so each
// later change is reported. Files that were watched before and still are stay as they are known, and Set loses none of
// their changes. Files that are new because of Set are not reported: see Root.Since.
//
// Errors: ErrClosed, a root without a path, and a relative path if the current folder is unknown.
func (w *Watcher) Set(groups map[string][]Root) error {
	r := roots{ignore: w.options.Ignore}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		for _, one := range groups[group] {
			if one.Path == "" {
				return fmt.Errorf("a root of %s has no path", group)
			}
			path, err := filepath.Abs(one.Path)
			if err != nil {
				return err
			}
			one.Path = path
			r.all = append(r.all, root{one, group})
		}
	}
	// If there are too many files, those of large trees are left out.
	slices.SortStableFunc(r.all, func(a, b root) int {
		if a.Recursive != b.Recursive {
			return map[bool]int{false: -1, true: 1}[a.Recursive]
		}
		return strings.Compare(a.Path, b.Path)
	})
	q := request{func() { w.set(r) }, make(chan struct{})}
	select {
	case w.requests <- q:
	case <-w.closed:
		return ErrClosed
	}
	select {
	case <-q.done:
		return nil
	case <-w.closed:
		return ErrClosed
	}
}

// Changes returns the channel of batches of changes, each sorted by path. Changes that nobody receives are merged into
// one batch. Close closes the channel.
func (w *Watcher) Changes() <-chan []Change { return w.changes }

// Close ends the watcher and frees all it holds.
func (w *Watcher) Close() {
	w.once.Do(func() { close(w.closing) })
	<-w.closed
}

func (w *Watcher) isClosing() bool {
	select {
	case <-w.closing:
		return true
	default:
		return false
	}
}

func (w *Watcher) run() {
	defer close(w.closed)
	defer close(w.changes)
	defer func() { w.hints.close() }()
	defer w.timer.Stop()
	defer w.poll.Stop()
	for {
		var out chan<- []Change
		if len(w.pending) > 0 {
			out = w.changes
			if w.batch == nil {
				w.batch = slices.SortedFunc(maps.Values(w.pending), func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
			}
		}
		select {
		case <-w.closing:
			return
		case q := <-w.requests:
			q.do()
			close(q.done)
		case <-w.hints.wake():
			w.take()
		case <-w.timer.C:
			w.look()
		case <-w.poll.C:
			w.polling = false
			if w.blind || w.retry {
				w.scanAll()
			} else {
				w.stale = w.stale || w.hasMoved()
			}
			w.schedule()
		case out <- w.batch:
			w.pending, w.batch = map[string]Change{}, nil
		}
	}
}

// take reads the hints and marks what to look at.
func (w *Watcher) take() {
	names, broken, err := w.hints.take()
	if broken {
		w.stale = true
	}
	if err != nil {
		w.stale = true
		w.failed(err)
	}
	for name, op := range names {
		w.hint(name, op)
	}
	w.schedule()
}

// schedule sets the timers for what is to be looked at.
func (w *Watcher) schedule() {
	if !w.polling {
		took := w.comparing
		if w.blind || w.retry {
			took = w.took
		}
		w.poll.Reset(max(w.options.interval, 10*took))
		w.polling = true
	}
	if len(w.dirty) == 0 && !w.stale {
		w.first = time.Time{}
		w.timer.Stop()
		return
	}
	now := time.Now()
	if w.first.IsZero() {
		w.first = now
	}
	wait := min(quiet, w.first.Add(patience).Sub(now))
	if w.stale {
		// A program that keeps replacing folders must not keep this one busy.
		wait = max(wait, w.ended.Add(4*w.took).Sub(now))
	}
	w.timer.Reset(max(wait, 0))
}

// look looks at what the hints named.
func (w *Watcher) look() {
	w.first = time.Time{}
	if w.stale {
		w.renew()
	} else {
		w.scanDirty()
	}
	w.schedule()
}

// set applies the roots of a call of Set.
func (w *Watcher) set(r roots) {
	before := w.roots
	w.before, w.roots = &before, r
	w.reportedFull = false
	w.scanAll()
	w.before = nil
	if w.stale {
		w.renew()
	}
	for path, c := range w.pending {
		c.Groups = w.roots.at(filepath.Dir(path)).groups(path)
		w.pending[path] = c
		if len(c.Groups) == 0 {
			delete(w.pending, path)
		}
	}
	w.batch = nil
	w.noteMissed(before)
	w.schedule()
}

// note adds a change to those that nobody has received.
func (w *Watcher) note(c Change) {
	w.batch = nil
	before, pending := w.pending[c.Path]
	switch {
	case pending && before.Op == Created && c.Op == Removed:
		delete(w.pending, c.Path)
		return
	case pending && before.Op == Created:
		c.Op = Created
	case pending && before.Op == Removed && c.Op == Created:
		c.Op = Changed
	}
	w.pending[c.Path] = c
}
