//go:build !js

package sqlite

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"/data/tasks.db":     "file:///data/tasks.db?",
		"C:/data/tasks.db":   "file:///C:/data/tasks.db?",
		"/a b/50%?#tasks.db": "file:///a%20b/50%25%3F%23tasks.db?",
	} {
		if got := uri(path); !strings.HasPrefix(got, want) {
			t.Errorf("uri(%q) = %q; want it to begin with %q", path, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "busy_timeout": "5000"} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
		}
	}
	t.Run("only the user can read the file", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("files on Windows have no permission bits")
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("mode %o; want 600", mode)
		}
	})
	if _, err := Open(filepath.Join(t.TempDir(), "no such folder", "tasks.db")); err == nil || !strings.Contains(err.Error(), "can be written") {
		t.Errorf("missing folder: error %v; want one that says what to do", err)
	}
}
