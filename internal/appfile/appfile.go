// Package appfile opens the files of an app's folder. Opening a named pipe blocks until a writer opens it, and a
// device may have no end. So appfile opens regular files only, and reads no more than a limit.
package appfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

var (
	// ErrNotRegular means that a name is a folder, a named pipe, a socket or a device.
	ErrNotRegular = errors.New("not a regular file")
	// ErrTooLarge means that a file is larger than the caller's limit.
	ErrTooLarge = errors.New("too large")
)

// Open opens a regular file for reading. The name is relative to root and has forward slashes. A symbolic link that
// leads out of root is an error.
func Open(root *os.Root, name string) (*os.File, error) {
	return open(root.Stat, root.OpenFile, filepath.FromSlash(name))
}

// Read returns the content of a regular file in root. A file of more than limit bytes is ErrTooLarge.
func Read(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := Open(root, name)
	if err != nil {
		return nil, err
	}
	return readAll(f, name, limit)
}

// ReadIn is Read for a file in the folder dir.
func ReadIn(dir, name string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return Read(root, name, limit)
}

// ReadPath is Read for a file that the user has named. A symbolic link may lead anywhere.
func ReadPath(path string, limit int64) ([]byte, error) {
	f, err := open(os.Stat, os.OpenFile, path)
	if err != nil {
		return nil, err
	}
	return readAll(f, path, limit)
}

// Check returns the error that Open would return for a file in the folder dir, without opening the file.
func Check(dir, name string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	return check(name, info)
}

func open(stat func(string) (fs.FileInfo, error), openFile func(string, int, fs.FileMode) (*os.File, error), name string) (*os.File, error) {
	// Check before opening: opening a device can already have an effect.
	info, err := stat(name)
	if err == nil {
		err = check(name, info)
	}
	if err != nil {
		return nil, err
	}
	f, err := openFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	// Check again after opening: another file may have taken its place.
	if info, err = f.Stat(); err == nil {
		err = check(name, info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func check(name string, info fs.FileInfo) error {
	mode := info.Mode()
	if mode.IsRegular() {
		return nil
	}
	kind := "a special file"
	switch {
	case mode.IsDir():
		kind = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		kind = "a named pipe"
	case mode&fs.ModeSocket != 0:
		kind = "a socket"
	case mode&fs.ModeDevice != 0:
		kind = "a device"
	}
	return fmt.Errorf("%s is %s, %w", name, kind, ErrNotRegular)
}

func readAll(f *os.File, name string, limit int64) ([]byte, error) {
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() <= limit {
		// The size may be out of date, or 0 for a virtual file.
		data, err := io.ReadAll(io.LimitReader(f, limit+1))
		if err != nil || int64(len(data)) <= limit {
			return data, err
		}
	}
	return nil, fmt.Errorf("%s is %w: more than %d KB", name, ErrTooLarge, limit>>10)
}
