package bundle

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Windows refuses to replace or remove a file that another program, such as a virus scanner, has open.
func TestReplaceAndRemoveOpenFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, Program)
	for name, do := range map[string]func() error{
		"replaced": func() error { return replace(file, []byte("new")) },
		"removed": func() error {
			w := writer{dir: dir}
			w.remove(Program)
			return w.err
		},
	} {
		t.Run(name, func(t *testing.T) {
			put(t, file, "old")
			open, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer open.Close()
			// On Windows the file is closed only now. Elsewhere there is no pause.
			pause = func(time.Duration) { open.Close() }
			defer func() { pause = time.Sleep }()
			if err := do(); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(file); name == "replaced" && string(got) != "new" || name == "removed" && !os.IsNotExist(err) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// The local host keeps a file open as long as a slow browser reads it.
func TestReplaceServedFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, Program)
	put(t, file, "old")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	served, err := root.Open(Program)
	if err != nil {
		t.Fatal(err)
	}
	defer served.Close()
	pause = func(time.Duration) { served.Close() } // Wine has no rename with POSIX semantics
	defer func() { pause = time.Sleep }()
	if err := replace(file, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); string(got) != "new" {
		t.Errorf("got %q, %v", got, err)
	}
}
