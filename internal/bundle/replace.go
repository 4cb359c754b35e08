package bundle

import (
	"os"
	"path/filepath"
	"time"
)

// replace puts a file in the place of another at once: whoever opens the file gets the old content or the new one. A
// disk that is full leaves the old one. The temporary name begins with a dot because Forge does not deploy such files, if
// one should ever be left behind.
func replace(file string, data []byte) error {
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer folder.Close()
	temp, err := os.CreateTemp(filepath.Dir(file), ".forgego-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if err == nil {
		// Before the new name is there: some file systems find out only now that the disk is full.
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		// By the folder, because on Windows this renames onto a file that a server has open, and os.Rename does not.
		err = patiently(func() error { return folder.Rename(filepath.Base(temp.Name()), filepath.Base(file)) })
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}

// pause waits between two attempts; tests replace it.
var pause = time.Sleep

// patiently repeats what Windows refuses while another program has the file open, such as a virus scanner, for some 5
// seconds.
func patiently(do func() error) error {
	err := do()
	for wait := 5 * time.Millisecond; err != nil && inUse(err) && wait < 3*time.Second; wait *= 2 {
		pause(wait)
		err = do()
	}
	return err
}
