package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/appfile"
)

// Record is the file in which a Copy lists the files that it has written into a folder. Forge does not deploy it, because
// its name begins with a dot.
const Record = ".forgego-files"

// maxRecord is the size of the largest record, in bytes.
const maxRecord = 16 << 20

// Copy copies the files of a resource's folder into another folder. It leaves out the files that Build makes from the program,
// and files whose names start with a dot, because Forge does not deploy them.
type Copy struct {
	from, to string
	// names are the files to copy, and written the files of earlier copies. Both are sorted.
	names, written []string
}

// NewCopy returns the copy of a resource's folder into another folder. It writes nothing. If the other folder has a file that
// no earlier build wrote into it, NewCopy returns an error that names the file: it could be overwritten, and it would be
// deployed too. Files and folders that start with a dot are ignored.
//
// The resource's folder need not exist.
func NewCopy(from, to string) (*Copy, error) {
	source, target := realPath(from), realPath(to)
	if within(source, target) || within(target, source) {
		return nil, fmt.Errorf("%s and the resource's folder %s are inside each other; choose a folder outside", to, from)
	}
	c := &Copy{from: from, to: to}
	err := Walk{File: func(_ *os.Root, name string, _ fs.FileInfo) error {
		if !utf8.ValidString(name) { // the record is JSON
			return fmt.Errorf("the name %q is not UTF-8; rename the file", name)
		}
		if !IsMade(name) {
			c.names = append(c.names, name)
		}
		return nil
	}}.Run(from)
	if _, missing := os.Stat(from); err != nil && !errors.Is(missing, fs.ErrNotExist) {
		return nil, err
	}
	slices.Sort(c.names)
	recorded, err := c.readRecord()
	if err != nil {
		return nil, err
	}
	foreign, err := c.foreign(recorded)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", to, err)
	}
	if foreign != "" {
		return nil, fmt.Errorf("%s: no earlier build wrote this file; remove it, or choose another folder", filepath.Join(to, filepath.FromSlash(foreign)))
	}
	return c, nil
}

// foreign returns the name of a file in the target that no earlier build wrote, or "". Links are not followed. In a folder with
// a record, the files that Build makes are its own.
func (c *Copy) foreign(recorded bool) (foreign string, err error) {
	err = fs.WalkDir(os.DirFS(c.to), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == "." && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir(), recorded && slices.Contains(Files, name):
			return nil
		}
		if _, found := slices.BinarySearch(c.written, name); !found {
			foreign = name
			return fs.SkipAll
		}
		return nil
	})
	return foreign, err
}

// Run creates the folder if necessary, removes the files that earlier copies wrote and the resource does not have any more,
// and writes the others. It does not touch files that are the same already.
func (c *Copy) Run() error {
	if err := os.MkdirAll(c.to, 0o755); err != nil {
		return err
	}
	to, err := os.OpenRoot(c.to)
	if err != nil {
		return err
	}
	defer to.Close()
	// Record the new files before they are written, so that the next build knows them if this one is interrupted.
	all := slices.Concat(c.written, c.names)
	slices.Sort(all)
	if err := c.writeRecord(slices.Compact(all)); err != nil {
		return err
	}
	// Remove first: a file may have become a folder, or the other way round.
	for _, name := range c.written {
		if _, found := slices.BinarySearch(c.names, name); found {
			continue
		}
		if err := remove(to, name); err != nil {
			return fmt.Errorf("%s: %w", c.to, err)
		}
	}
	if len(c.names) > 0 {
		if err := c.write(); err != nil {
			return err
		}
	}
	return c.writeRecord(c.names)
}

// remove removes a file, and the folders above it that are empty then.
func remove(root *os.Root, name string) error {
	err := retryWhileInUse(func() error { return root.Remove(filepath.FromSlash(name)) })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.Remove(filepath.FromSlash(dir)) != nil {
			break
		}
	}
	return nil
}

func (c *Copy) write() error {
	from, err := os.OpenRoot(c.from)
	if err != nil {
		return err
	}
	defer from.Close()
	for _, name := range c.names {
		data, err := appfile.Read(from, name, maxFile)
		if err != nil {
			return fmt.Errorf("%s: %w", c.from, err)
		}
		file := filepath.Join(c.to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		w := writer{dir: filepath.Dir(file)}
		if w.write(filepath.Base(file), data); w.err != nil {
			return w.err
		}
	}
	return nil
}

// readRecord sets c.written. ok is false if the folder has no record.
func (c *Copy) readRecord() (ok bool, err error) {
	data, err := appfile.ReadIn(c.to, Record, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", c.to, err)
	}
	err = json.Unmarshal(data, &c.written)
	for _, name := range c.written {
		if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
			err = fmt.Errorf("it names %q", name)
		}
	}
	if err != nil {
		return false, fmt.Errorf("%s is damaged: %w; remove the folder %s, or choose another one", filepath.Join(c.to, Record), err, c.to)
	}
	slices.Sort(c.written)
	return true, nil
}

func (c *Copy) writeRecord(names []string) error {
	if names == nil {
		names = []string{}
	}
	data, err := json.MarshalIndent(names, "", "  ")
	if err != nil {
		return err
	}
	w := writer{dir: c.to}
	w.write(Record, append(data, '\n'))
	return w.err
}

// IsMade reports whether Build makes a file of a resource from the program. name is relative to the resource's folder.
func IsMade(name string) bool { return name != Index && slices.Contains(Files, name) }

// within reports whether a path is a folder or below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// realPath returns an absolute path, without symbolic links as far as it exists.
func realPath(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if parent := filepath.Dir(path); parent != path {
		return filepath.Join(realPath(parent), filepath.Base(path))
	}
	return path
}
