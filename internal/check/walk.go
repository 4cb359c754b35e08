package check

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// walk finds the files of a resource's folder by the rules of forgego build: a symbolic link inside the folder is what it leads
// to, and one that is broken or leads out of the folder does not count.
type walk struct {
	do         func(name string, info fs.FileInfo)
	cannotRead func(name string, err error)
	// hidden are the names that begin with a dot, except those of knownHidden.
	hidden []string

	root *os.Root
	seen int
}

func (w *walk) resource(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	w.root = root
	w.folder(".", nil)
	return nil
}

// folder walks a folder. above are the folders that it is in.
func (w *walk) folder(name string, above []fs.FileInfo) {
	info, err := w.root.Stat(filepath.FromSlash(name))
	if err != nil {
		w.cannotRead(name, err)
		return
	}
	// A link may lead to a folder that it is in.
	if slices.ContainsFunc(above, func(folder fs.FileInfo) bool { return os.SameFile(folder, info) }) {
		return
	}
	entries, err := fs.ReadDir(w.root.FS(), name)
	if err != nil {
		w.cannotRead(name, err)
		return
	}
	for _, e := range entries {
		if w.seen++; w.seen > maxWalk {
			return
		}
		at := path.Join(name, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			if !slices.Contains(knownHidden, e.Name()) {
				w.hidden = append(w.hidden, at)
			}
			continue
		}
		w.entry(at, e, append(above[:len(above):len(above)], info))
	}
}

func (w *walk) entry(name string, e fs.DirEntry, above []fs.FileInfo) {
	info, err := w.root.Stat(filepath.FromSlash(name))
	switch {
	case err != nil && (e.Type()&fs.ModeSymlink != 0 || errors.Is(err, fs.ErrNotExist)):
	case err != nil:
		w.cannotRead(name, err)
	case info.IsDir():
		w.folder(name, above)
	case info.Mode().IsRegular():
		w.do(name, info)
	}
}
