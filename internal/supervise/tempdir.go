package supervise

import (
	"os"
	"path/filepath"
)

// TempDir makes a folder in the system's temporary folder and returns its absolute path. On Unix, the folder is also
// removed if this process is killed before it calls remove.
func TempDir() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "forgego-")
	if err != nil {
		return "", nil, err
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	release := guardFolder(dir)
	return dir, func() {
		_ = os.RemoveAll(dir)
		release()
	}, nil
}
