//go:build unix

package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Opening the old file would block if it is a named pipe without a writer. Reading it would never end if it is a
// device.
func TestReplaceSpecialFiles(t *testing.T) {
	app := t.TempDir()
	dir := filepath.Join(app, "static")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, Program)
	makers := map[string]func() error{
		"pipe":           func() error { return syscall.Mkfifo(file, 0o600) },
		"link to device": func() error { return os.Symlink("/dev/zero", file) },
	}
	for name, create := range makers {
		t.Run(name, func(t *testing.T) {
			if err := errors.Join(os.RemoveAll(file), create()); err != nil {
				t.Fatal(err)
			}
			done := make(chan []byte, 1)
			go func() {
				w := writer{dir: dir}
				old := w.read(Program)
				w.write(Program, []byte("new"))
				if w.err != nil {
					t.Error(w.err)
				}
				done <- old
			}()
			select {
			case old := <-done:
				if len(old) != 0 {
					t.Errorf("read returned %d bytes, want none", len(old))
				}
			case <-time.After(20 * time.Second):
				t.Fatal("reading or writing has not ended after 20 s")
			}
			if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() || string(get(t, app, Program)) != "new" {
				t.Errorf("afterwards: %v, %v", info, err)
			}
		})
	}
	if LoadsGzip(dir) {
		t.Error("LoadsGzip = true in a folder without index.html")
	}
}
