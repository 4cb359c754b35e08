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

// walkDeployed calls do for each file in a resource's folder that Forge deploys, with its name relative to the folder. It
// follows the rules of the local host: a symbolic link inside the folder is what it leads to, and one that is broken or leads
// out of the folder is not served, like a named pipe, a socket or a device.
func walkDeployed(dir string, do func(root *os.Root, name string) error) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	w := walk{root: root, do: do}
	if err := w.folder(".", nil); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return nil
}

type walk struct {
	root *os.Root
	do   func(root *os.Root, name string) error
	seen int
}

// folder walks a folder. above are the folders that it is in.
func (w *walk) folder(name string, above []fs.FileInfo) error {
	info, err := w.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	// A link may lead to a folder that it is in.
	if slices.ContainsFunc(above, func(folder fs.FileInfo) bool { return os.SameFile(folder, info) }) {
		return nil
	}
	entries, err := fs.ReadDir(w.root.FS(), name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if w.seen++; w.seen > maxWalk {
			return fmt.Errorf("more than %d files and folders", maxWalk)
		}
		if err := w.entry(path.Join(name, e.Name()), e, append(above[:len(above):len(above)], info)); err != nil {
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
		return err
	case info.IsDir():
		return w.folder(name, above)
	case !info.Mode().IsRegular():
		return nil
	}
	return w.do(w.root, name)
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
	err := walkDeployed(dir, func(root *os.Root, name string) error {
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
	})
	return sizes, err
}

// gzipLevelOfServers is the level that servers commonly use.
const gzipLevelOfServers = 6
