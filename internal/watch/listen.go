package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// listeners are the folders to look at when the system reports something in a folder. The value is true if all events
// count: then a link in the folder leads to a file there.
type listeners map[*folder]bool

// resetWatches ends all the system's watches. The next scan makes new ones.
//
// A watch belongs to a folder, not to its name. After folders were moved, a watch reports names that are wrong, and
// removing it may remove that of another name. So watches are never removed one by one.
func (w *Watcher) resetWatches() {
	w.hints.close()
	w.hints, w.listeners, w.blind, w.stale = nil, map[string]listeners{}, false, false
	w.generation++
	if w.options.Poll || w.failures > maxFailures {
		w.blind = true
		return
	}
	n, err := w.options.notifier()
	if err != nil {
		w.goBlind(err)
		return
	}
	w.hints = newHints(n)
}

// renew replaces all watches and scans everything.
func (w *Watcher) renew() {
	w.resetWatches()
	w.scanAll()
}

// listen makes the system report events in a folder, which is given without symbolic links. If this is not possible,
// all files are polled.
func (w *Watcher) listen(real string, f *folder, linked bool) {
	if w.hints == nil {
		return
	}
	f.generation = w.generation
	if known, ok := w.listeners[real]; ok {
		known[f] = known[f] || linked
		return
	}
	switch err := w.hints.notifier.add(real); {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission):
		return // listing it fails too
	case err != nil:
		w.goBlind(err)
	case isShared(real):
		w.blind = true
		w.reportOnce("shared", fmt.Sprintf("%s is on a file system that other machines may change, and the system does not report such changes. "+
			"So all files are also compared every %s.", real, pollInterval))
	}
	w.listeners[real] = listeners{f: linked}
}

// goBlind begins to poll, because the system reports no events.
func (w *Watcher) goBlind(err error) {
	w.blind = true
	advice := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		advice = " The limit for watched folders is reached; raise it: sudo sysctl fs.inotify.max_user_watches=524288."
	case errors.Is(err, syscall.EMFILE):
		advice = " Too many files are open; close other programs that watch files, or raise the limit: " +
			"sudo sysctl fs.inotify.max_user_instances=1024 (Linux), ulimit -n 65536 (macOS)."
	}
	w.reportOnce("blind", fmt.Sprintf("The system does not report changes of files: %v. So all files are compared every %s.%s", err, pollInterval, advice))
}

// failed counts an error of the system's events.
func (w *Watcher) failed(err error) {
	if w.failures++; w.failures == maxFailures+1 {
		w.goBlind(err)
	}
}

func (w *Watcher) reportOnce(topic, text string) {
	if w.reported == nil {
		w.reported = map[string]bool{}
	}
	if !w.reported[topic] {
		w.reported[topic] = true
		w.options.Report(text)
	}
}

// hint marks what an event may have changed.
func (w *Watcher) hint(name string, op fsnotify.Op) {
	replaced := op&(fsnotify.Create|fsnotify.Remove|fsnotify.Rename) != 0
	if itself, ok := w.listeners[name]; ok {
		w.stale = w.stale || op&(fsnotify.Remove|fsnotify.Rename) != 0
		w.mark(itself)
	}
	base := filepath.Base(name)
	for f, linked := range w.listeners[filepath.Dir(name)] {
		if w.folders[f.path] != f {
			continue
		}
		path := filepath.Join(f.path, base)
		_, isFile := f.files[base]
		switch {
		case f.subs[base]:
			w.stale = w.stale || replaced
		case linked || isFile || f.scope.descends(path) || len(f.scope.groups(path)) > 0:
			w.dirty[f] = true
		}
	}
}

func (w *Watcher) mark(all listeners) {
	for f := range all {
		if w.folders[f.path] == f {
			w.dirty[f] = true
		}
	}
}
