package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// App is an app of a test, in a folder of its own.
type App struct {
	Dir string
	// files are the first texts of the files, by name.
	files map[string]string
}

// NewApp writes the files of an app, by name, into a new folder.
func NewApp(t testing.TB, files map[string]string) *App {
	t.Helper()
	a := &App{Dir: t.TempDir(), files: files}
	for name, text := range files {
		a.Save(t, name, text)
	}
	return a
}

// Save writes a file of the app. The name has slashes.
func (a *App) Save(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(a.Dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Change saves the first text of a file with one part of it replaced.
func (a *App) Change(t testing.TB, name, old, new string) {
	t.Helper()
	text := strings.Replace(a.files[name], old, new, 1)
	if text == a.files[name] {
		t.Fatalf("%s does not contain %q", name, old)
	}
	a.Save(t, name, text)
}
