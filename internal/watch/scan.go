package watch

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// tree is what is known about the watched files.
type tree struct {
	roots   roots
	folders map[string]*folder
	// above holds, by path, the folder above each root. The value is nil if there is no such folder.
	above map[string]fs.FileInfo
	// before are the previous roots while Set replaces them, otherwise nil.
	before *roots
	// total is the number of files and folders. full means that some were left out.
	total              int
	full, reportedFull bool
	// retry means that a folder could not be read, for a reason that may pass.
	retry bool

	hints      *hints
	listeners  map[string]listeners
	generation int
	// blind means that not all changes have events.
	blind    bool
	failures int
	reported map[string]bool

	// scan is the number of the current scan, or of the last one.
	scan    int
	mayRead int64
	// took and ended are of the last look at everything, and comparing is how long the last call of hasMoved took.
	took      time.Duration
	ended     time.Time
	comparing time.Duration
}

// folder is a watched folder.
type folder struct {
	// path begins with the path of a root, or leads to one. real is where it leads, without symbolic links.
	path, real string
	scope      scope
	files      map[string]file
	subs       map[string]bool
	links      map[string]fs.FileInfo // what the links of interest lead to, or nil
	scan       int                    // the last one that visited it
	generation int                    // of the watches that were made for it
	unreadable bool
}

// scanAll looks at everything.
func (w *Watcher) scanAll() {
	start := time.Now()
	w.begin()
	w.retry, w.full = false, false
	w.above = map[string]fs.FileInfo{}
	for _, r := range w.roots.all {
		w.enter(filepath.Dir(r.Path))
	}
	for _, f := range w.folders {
		if f.scan != w.scan {
			w.drop(f)
		}
	}
	w.ended = time.Now()
	w.took = w.ended.Sub(start)
}

// scanDirty looks at the folders that hints named.
func (w *Watcher) scanDirty() {
	if w.full {
		w.scanAll()
		return
	}
	dirty := w.dirty
	w.begin()
	for _, f := range slices.SortedFunc(maps.Keys(dirty), func(a, b *folder) int { return cmp.Compare(a.path, b.path) }) {
		if w.folders[f.path] == f {
			w.visit(f.path, f.real, false)
		}
	}
}

func (w *Watcher) begin() {
	w.scan++
	w.mayRead = maxRead
	w.dirty = map[*folder]bool{}
}

// enter visits a root's parent folder, or the nearest folder above that exists.
func (w *Watcher) enter(path string) {
	for {
		if f := w.folders[path]; f != nil && f.scan == w.scan {
			return
		}
		w.above[path] = leadsTo(path)
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			if info, err := os.Stat(real); err == nil && info.IsDir() {
				w.visit(path, real, true)
				return
			}
		}
		parent := filepath.Dir(path)
		if parent == path {
			return
		}
		path = parent
	}
}

// visit compares a folder with what was known about it. If deep is set, it also visits the folders in it that were
// known before.
func (w *Watcher) visit(path, real string, deep bool) {
	f := w.folders[path]
	if f == nil {
		if !w.fits(path) {
			return
		}
		f = &folder{path: path, files: map[string]file{}, subs: map[string]bool{}}
		// Outside Set, a new folder was created after its parent was known, and all its files are news.
		f.scope = w.roots.at(path)
		if w.before != nil {
			f.scope = w.before.at(path)
		}
		w.folders[path] = f
		w.total++
	}
	if f.scan == w.scan || w.isClosing() {
		return
	}
	f.scan, f.real = w.scan, real
	old := f.scope
	if w.before != nil {
		f.scope = w.roots.at(path)
	}
	// Listen first: what is created from now on has an event, and what was created before is in the list.
	w.listen(real, f, false)
	entries, err := w.list(f)
	if err != nil {
		w.unlisted(f, err)
		return
	}
	f.unreadable = false
	files, subs := map[string]file{}, map[string]bool{}
	links := f.links
	f.links = nil
	for _, e := range entries {
		name := e.Name()
		at := filepath.Join(path, name)
		if e.Type()&fs.ModeSymlink != 0 && (f.scope.descends(at) || len(f.scope.groups(at)) > 0) {
			if f.links == nil {
				f.links = map[string]fs.FileInfo{}
			}
			f.links[name] = leadsTo(filepath.Join(real, name))
			if before, known := links[name]; known && !deep && !isSame(before, f.links[name]) {
				w.stale = true // the folder that it leads to would not be visited now
			}
		}
		info, target, ok := resolve(filepath.Join(real, name), e.Type())
		if !ok {
			continue
		}
		switch {
		case info.IsDir():
			if f.scope.descends(at) && !w.loops(f, target) {
				subs[name] = true
				if deep || w.folders[at] == nil {
					w.visit(at, target, true)
				}
			}
		case info.Mode().IsRegular():
			groups := f.scope.groups(at)
			if len(groups) == 0 {
				continue
			}
			before, known := f.files[name]
			if !known && !w.fits(at) {
				continue
			}
			if e.Type()&fs.ModeSymlink != 0 {
				w.listen(filepath.Dir(target), f, true)
			}
			now, changed := w.examine(target, info, before, known)
			files[name] = now
			switch {
			case !known:
				w.total++
				if w.before == nil || len(old.groups(at)) > 0 {
					w.note(Change{at, Created, groups})
				}
			case changed:
				w.note(Change{at, Changed, groups})
			}
		}
	}
	w.vanished(f, files)
	gone := f.subs
	f.files, f.subs = files, subs
	for name := range gone {
		if sub := w.folders[filepath.Join(path, name)]; !subs[name] && sub != nil && sub.scan != w.scan {
			w.drop(sub)
		}
	}
}

// resolve returns what a name stands for, and its path without symbolic links.
func resolve(path string, kind fs.FileMode) (info fs.FileInfo, target string, ok bool) {
	if kind&fs.ModeSymlink == 0 {
		info, err := os.Lstat(path)
		return info, path, err == nil && info.Mode()&fs.ModeSymlink == 0
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, "", false
	}
	info, err = os.Lstat(target)
	return info, target, err == nil
}

// list returns what is in a folder, as far as it can be of interest.
func (w *Watcher) list(f *folder) ([]fs.DirEntry, error) {
	var entries []fs.DirEntry
	if len(f.scope.listing) > 0 {
		d, err := w.options.open(f.real)
		if err != nil {
			return nil, err
		}
		defer d.Close()
		entries, err = d.ReadDir(w.options.limit + 1)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(entries) > w.options.limit {
			w.tooMany(f.path)
		}
	} else {
		if _, err := os.Stat(f.real); err != nil {
			return nil, err
		}
		for name := range f.scope.named {
			if info, err := os.Lstat(filepath.Join(f.real, name)); err == nil {
				entries = append(entries, fs.FileInfoToDirEntry(info))
			}
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// unlisted handles a folder that cannot be listed. If it is gone, so are its files. Otherwise they stay as they were
// known.
func (w *Watcher) unlisted(f *folder, err error) {
	info, gone := os.Stat(f.real)
	if errors.Is(gone, fs.ErrNotExist) || gone == nil && !info.IsDir() {
		w.drop(f)
		return
	}
	w.keep(f)
	if !errors.Is(err, fs.ErrPermission) {
		w.retry = true
	}
	if !f.unreadable {
		f.unreadable = true
		w.options.Report(fmt.Sprintf("%v. Changes in this folder are not seen until it can be read.", err))
	}
}

// keep counts a folder and all that is below it as visited.
func (w *Watcher) keep(f *folder) {
	f.scan = w.scan
	for name := range f.subs {
		if sub := w.folders[filepath.Join(f.path, name)]; sub != nil && sub.scan != w.scan {
			w.keep(sub)
		}
	}
}

// vanished notes the files of a folder that are not among those that are left.
func (w *Watcher) vanished(f *folder, left map[string]file) {
	for name := range f.files {
		if _, ok := left[name]; ok {
			continue
		}
		w.total--
		at := filepath.Join(f.path, name)
		if groups := f.scope.groups(at); len(groups) > 0 {
			w.note(Change{at, Removed, groups})
		}
	}
}

// drop forgets a folder that is gone, or that is not watched any more, and all below it.
func (w *Watcher) drop(f *folder) {
	if w.folders[f.path] != f {
		return
	}
	delete(w.folders, f.path)
	delete(w.dirty, f)
	w.total--
	if w.before != nil {
		f.scope = w.roots.at(f.path)
	}
	w.vanished(f, nil)
	// Its watch still exists, or belongs to a folder that has another name now.
	if f.generation == w.generation {
		w.stale = true
	}
	for name := range f.subs {
		if sub := w.folders[filepath.Join(f.path, name)]; sub != nil && sub.scan != w.scan {
			w.drop(sub)
		}
	}
}

// loops reports whether a folder in f leads to f or to a folder above it.
func (w *Watcher) loops(f *folder, real string) bool {
	for {
		if f.real == real {
			return true
		}
		up := w.folders[filepath.Dir(f.path)]
		if up == nil || up == f {
			return false
		}
		f = up
	}
}

// fits reports whether one more file or folder may be watched.
func (w *Watcher) fits(path string) bool {
	if w.total < w.options.limit {
		return true
	}
	w.tooMany(filepath.Dir(path))
	return false
}

func (w *Watcher) tooMany(folder string) {
	w.full = true
	if !w.reportedFull {
		w.reportedFull = true
		w.options.Report(fmt.Sprintf("There are more than %d files to watch, so changes of some in %s are not seen. "+
			"Move what the app does not need out of its folders.", w.options.limit, folder))
	}
}
