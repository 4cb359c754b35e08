package exampleapp

import (
	"os"
	"path/filepath"
	"testing"
)

// Copy creates an app from the example's files in the folder from, and returns its folder. The front end is already built.
// The remote of the app runs at address. Its host has no realtime, so the remote tells the pages about changes. The source
// files of the programs are not copied.
func Copy(t testing.TB, from, address string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		source, target := filepath.Join(from, name), filepath.Join(dir, name)
		switch {
		case name == "frontend" || name == "remote" || name == "forgego.yml":
		case entry.IsDir():
			err = os.CopyFS(target, os.DirFS(source))
		default:
			var text []byte
			if text, err = os.ReadFile(source); err == nil {
				err = os.WriteFile(target, text, 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dev := "realtime: off\nremotes:\n  tasks-api:\n    url: " + address + "\n"
	if err := os.WriteFile(filepath.Join(dir, "forgego.yml"), []byte(dev), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
