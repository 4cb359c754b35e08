package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
)

// CopyResource copies the files of a resource's folder into another one, without the files that Build makes from the program
// and without those that start with a dot, which Forge does not deploy. It creates the folder if necessary, and does not
// touch files that are the same already.
//
// It removes nothing. If the folder has a file that the resource does not have, CopyResource returns an error that names it,
// because that file would be deployed too.
func CopyResource(from, to string) error {
	source, err := filepath.Abs(from)
	if err != nil {
		return err
	}
	target, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if within(source, target) || within(target, source) {
		return fmt.Errorf("%s and the resource's folder %s are inside each other; choose a folder outside", to, from)
	}
	copied := map[string]bool{}
	err = walkDeployed(from, func(name string) error {
		if isMade(name) {
			return nil
		}
		copied[name] = true
		data, err := appfile.ReadIn(from, name, maxFile)
		if err != nil {
			return err
		}
		file := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		w := writer{dir: filepath.Dir(file)}
		w.write(filepath.Base(file), data)
		return w.err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err = walkDeployed(to, func(name string) error {
		// Build writes a page if the resource has none.
		if !copied[name] && !isMade(name) && name != Index {
			return fmt.Errorf("%s is not in %s; remove it, or choose another folder", filepath.Join(to, filepath.FromSlash(name)), from)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// isMade reports whether Build makes a file of a resource from the program.
func isMade(name string) bool { return name != Index && slices.Contains(Files, name) }

// within reports whether a path is a folder or below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// walkDeployed calls do for each file in a folder that Forge deploys, with its name relative to the folder.
func walkDeployed(dir string, do func(name string) error) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		return do(name)
	})
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
	err := walkDeployed(dir, func(name string) error {
		data, err := appfile.ReadIn(dir, name, maxFile)
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
