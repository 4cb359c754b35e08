package watch

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/forgego/forgego/internal/clock"
)

const (
	// tick is how far the time of a file that is written now can be behind the clock: systems take it from their last
	// timer interrupt.
	tick = 15 * time.Millisecond
	// slew is how far the two clocks of the system may drift apart before the wall clock counts as set back.
	slew = 100 * time.Millisecond
)

// id tells roots apart.
type id struct{ group, path, key string }

func (r root) id() id { return id{r.group, r.Path, r.Key} }

// noteMissed notes the roots that were not among those before and have changed since the time that they name.
func (w *Watcher) noteMissed(before roots) {
	known := map[id]bool{}
	for _, r := range before.all {
		known[r.id()] = true
	}
	for _, r := range w.roots.all {
		if r.Since == (clock.Instant{}) || known[r.id()] || !w.changedSince(r) {
			continue
		}
		groups := append(slices.Clone(w.pending[r.Path].Groups), r.group)
		slices.Sort(groups)
		w.note(Change{r.Path, Changed, slices.Compact(groups)})
	}
}

// changedSince reports whether something of a root has changed since the time that it names, as far as times tell. What
// is known about its files must be up to date.
func (w *Watcher) changedSince(r root) bool {
	now := clock.Now()
	if now.Sub(r.Since)-now.Wall().Sub(r.Since.Wall()) > slew {
		return true // The clock was set back, so the times of files do not tell.
	}
	// A time in the future, as after the clock was set back earlier, must not be news each time.
	isNews := func(at int64) bool {
		return at >= r.Since.Wall().Add(-tick).UnixNano() && at <= now.Wall().UnixNano()
	}
	// The time of a folder tells that a file in it was removed, or replaced by an older one.
	folderIsNews := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && isNews(info.ModTime().UnixNano())
	}
	if up := w.folders[filepath.Dir(r.Path)]; up != nil {
		if f, ok := up.files[filepath.Base(r.Path)]; ok {
			return isNews(f.stamp.modified) || isNews(f.stamp.changed)
		}
	}
	inFolder := func(f *folder) bool {
		if folderIsNews(f.real) {
			return true
		}
		for name, file := range f.files {
			if (isNews(file.stamp.modified) || isNews(file.stamp.changed)) && slices.Contains(f.scope.groups(filepath.Join(f.path, name)), r.group) {
				return true
			}
		}
		return false
	}
	f := w.folders[r.Path]
	if f == nil {
		// If a folder was removed, the one above it tells when. A file that does not exist tells nothing.
		return r.Match != nil && folderIsNews(existing(r.Path))
	}
	if inFolder(f) {
		return true
	}
	if !r.Recursive {
		return false
	}
	for _, f := range w.folders {
		if isBelow(f.path, r.Path) && !w.roots.ignores(f.path, r.Path) && inFolder(f) {
			return true
		}
	}
	return false
}

// existing returns the nearest folder above a path that exists.
func existing(path string) string {
	for {
		up := filepath.Dir(path)
		if _, err := os.Stat(up); err == nil || up == path {
			return up
		}
		path = up
	}
}
