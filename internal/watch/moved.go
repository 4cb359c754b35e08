package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The system reports what happens in a folder and to it, but not that another folder takes the place of one further up, nor
// that a symbolic link, or a link on the way to its target, leads elsewhere. So the paths that this could happen to are
// compared from time to time.

// leadsTo returns the file or folder that a path leads to, or nil if there is none.
func leadsTo(path string) fs.FileInfo {
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	os.SameFile(info, info) // on Windows, the identity is read when it is first compared
	return info
}

// hasMoved reports whether a path above a root, or a link, leads to another file or folder than at the last scan.
func (w *Watcher) hasMoved() bool {
	start := time.Now()
	defer func() { w.comparing = time.Since(start) }()
	for path, before := range w.above {
		if !isSame(before, leadsTo(path)) {
			return true
		}
	}
	for _, f := range w.folders {
		for name, before := range f.links {
			if !isSame(before, leadsTo(filepath.Join(f.real, name))) {
				return true
			}
		}
	}
	return false
}

// isSame reports whether two results of leadsTo are the same file or folder.
func isSame(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return (a == nil) == (b == nil)
	}
	return os.SameFile(a, b)
}
