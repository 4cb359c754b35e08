package bundle

import (
	"os"
	"path/filepath"
	"time"
)

// replace replaces a file atomically: a reader gets the old content or the new one. If the disk is full, the old file
// stays. The temporary name starts with a dot because Forge does not deploy such files, in case one is ever left
// behind.
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
		// Sync before the rename: some file systems detect a full disk only now.
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		// Rename with the folder: on Windows this can replace a file that a server has open, and os.Rename cannot.
		err = retryWhileInUse(func() error { return folder.Rename(filepath.Base(temp.Name()), filepath.Base(file)) })
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}

// pause waits between two attempts; tests replace it.
var pause = time.Sleep

// retryWhileInUse retries an operation that Windows refuses while another program has the file open, such as a virus
// scanner. It stops after about 5 seconds.
func retryWhileInUse(do func() error) error {
	err := do()
	for wait := 5 * time.Millisecond; err != nil && inUse(err) && wait < 3*time.Second; wait *= 2 {
		pause(wait)
		err = do()
	}
	return err
}
