package kvs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxLocked is how long a change waits for other programs that change the file.
const maxLocked = 10 * time.Second

var errLocked = errors.New("another forgego has been writing it for " + maxLocked.String())

// lock keeps other programs from changing the file until unlock is called. It makes the folder if there is none. It locks a
// file beside the values, because each change replaces the file with the values. The lock file is never removed: a program
// that removes it could remove the lock of another.
func (f File) lock() (unlock func(), err error) {
	if f == (File{}) {
		return func() {}, nil
	}
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name := filepath.FromSlash(f.beside(".lock"))
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a regular file; remove it", name)
		}
		held, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		locked, err := tryLock(held)
		if locked && isStill(root, name, held) {
			return func() { held.Close() }, nil // This ends the lock, too.
		}
		held.Close()
		if err == nil && time.Since(began) > maxLocked {
			err = errLocked
		}
		if err != nil {
			return nil, err
		}
	}
}

// isStill reports whether a file has not been removed or replaced since it was opened.
func isStill(root *os.Root, name string, f *os.File) bool {
	var now fs.FileInfo
	opened, err := f.Stat()
	if err == nil {
		now, err = root.Stat(name)
	}
	return err == nil && os.SameFile(opened, now)
}
