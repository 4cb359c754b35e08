package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
)

// maxWalk is how many files and folders of a resource are looked at. Forge allows 5,000 files.
const maxWalk = 100_000

// ErrTooMany means that a resource has too many files and folders to look at all of them.
var ErrTooMany = fmt.Errorf("more than %d files and folders", maxWalk)

// Walk finds the files in a resource's folder that Forge deploys. It follows the rules of the local host: a symbolic link inside
// the folder is what it leads to, and one that is broken or leads out of the folder is not served, like a named pipe, a socket
// or a device. All names are relative to the folder, with slashes.
type Walk struct {
	// File is called for each file. Its error ends the walk.
	File func(root *os.Root, name string, info fs.FileInfo) error
	// Hidden is called for each file and folder that is not deployed because its name begins with a dot. It may be nil.
	Hidden func(name string)
	// Unreadable is called for what cannot be read, and the walk goes on. If it is nil, the error ends the walk.
	Unreadable func(name string, err error)
}

// Run walks the folder. It returns an error if the folder cannot be opened, the error that ended the walk, or ErrTooMany.
func (w Walk) Run(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := (&walk{Walk: w, root: root}).folder(".", nil); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

type walk struct {
	Walk
	root *os.Root
	seen int
}

func (w *walk) unreadable(name string, err error) error {
	if w.Unreadable == nil {
		return err
	}
	w.Unreadable(name, err)
	return nil
}

// folder walks a folder. above are the folders that it is in.
func (w *walk) folder(name string, above []fs.FileInfo) error {
	info, err := w.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return w.unreadable(name, err)
	}
	// A link may lead to a folder that it is in.
	if slices.ContainsFunc(above, func(folder fs.FileInfo) bool { return os.SameFile(folder, info) }) {
		return nil
	}
	entries, err := fs.ReadDir(w.root.FS(), name)
	if err != nil {
		return w.unreadable(name, err)
	}
	for _, e := range entries {
		if w.seen++; w.seen > maxWalk {
			return ErrTooMany
		}
		at := path.Join(name, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			if w.Hidden != nil {
				w.Hidden(at)
			}
			continue
		}
		if err := w.entry(at, e, append(above[:len(above):len(above)], info)); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(name string, e fs.DirEntry, above []fs.FileInfo) error {
	info, err := w.root.Stat(filepath.FromSlash(name))
	switch {
	case err != nil && (e.Type()&fs.ModeSymlink != 0 || errors.Is(err, fs.ErrNotExist)):
		return nil
	case err != nil:
		return w.unreadable(name, err)
	case info.IsDir():
		return w.folder(name, above)
	case !info.Mode().IsRegular():
		return nil
	}
	return w.File(w.root, name, info)
}

// Sizes are those of a file of a resource, in bytes.
type Sizes struct {
	// Size is that of the file.
	Size int
	// Sent is how much a browser gets: of a text, its size with gzip, because servers compress texts; of a program, that of
	// the file, because a server may not compress it. It is 0 for a file that browsers load only in exceptional cases.
	Sent int
}

// Measure returns the sizes of all files of a resource's folder that Forge deploys, by their names.
func Measure(dir string) (map[string]Sizes, error) {
	sizes, loadsGzip := map[string]Sizes{}, LoadsGzip(dir)
	err := Walk{File: func(root *os.Root, name string, _ fs.FileInfo) error {
		data, err := appfile.Read(root, name, maxFile)
		if err != nil {
			return err
		}
		s := Sizes{len(data), len(data)}
		switch {
		case name == Program && loadsGzip, name == Gzipped && !loadsGzip, name == Brotli:
			s.Sent = 0
		case name != Program && name != Gzipped:
			s.Sent = min(s.Sent, len(gzipped(data, gzipLevelOfServers)))
		}
		sizes[name] = s
		return nil
	}}.Run(dir)
	return sizes, err
}

// gzipLevelOfServers is the level that servers commonly use.
const gzipLevelOfServers = 6
