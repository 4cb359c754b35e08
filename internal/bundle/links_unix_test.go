//go:build unix

package bundle

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// linked makes a resource's folder with links and a special file, and returns the names of the files that the local host
// serves from it.
func linked(t *testing.T) (dir string, served []string) {
	t.Helper()
	dir = t.TempDir()
	outside := t.TempDir()
	put(t, filepath.Join(outside, "secret.txt"), "secret")
	put(t, filepath.Join(dir, "index.html"), "page")
	put(t, filepath.Join(dir, "css", "a.css"), "a")
	link := func(to, name string) error { return os.Symlink(to, filepath.Join(dir, name)) }
	err := errors.Join(
		link("css", "alias"), link("css/a.css", "b.css"), link("nowhere", "broken"), link(".", "css/loop"), link("itself", "itself"),
		link(outside, "folder-outside"), link(filepath.Join(outside, "secret.txt"), "file-outside"), link("css", ".hidden"),
		syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	return dir, []string{"alias/a.css", "b.css", "css/a.css", "index.html"}
}

func TestMeasureLinks(t *testing.T) {
	dir, want := linked(t)
	sizes, err := Measure(dir)
	if got := slices.Sorted(maps.Keys(sizes)); err != nil || !slices.Equal(got, want) {
		t.Errorf("Measure = %v, %v, want %v", got, err, want)
	}
}

func TestCopyLinks(t *testing.T) {
	from, want := linked(t)
	to := t.TempDir()
	// Twice, because the second copy compares with the record.
	for range 2 {
		if err := copyAll(from, to); err != nil {
			t.Fatal(err)
		}
	}
	got := contents(t, to)
	delete(got, Record)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, want) || got["alias/a.css"] != "a" {
		t.Errorf("copied %v, want the files %v", got, want)
	}
}

// A link in the target is not followed: what it leads to is not the build's.
func TestCopyRefusesLinks(t *testing.T) {
	from, to, outside := t.TempDir(), t.TempDir(), t.TempDir()
	putAll(t, from, "css/a.css")
	if err := copyAll(from, to); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(outside, "a.css"), "mine")
	if err := errors.Join(os.RemoveAll(filepath.Join(to, "css")), os.Symlink(outside, filepath.Join(to, "css"))); err != nil {
		t.Fatal(err)
	}
	if err := copyAll(from, to); err == nil || !strings.Contains(err.Error(), filepath.Join(to, "css")+": no earlier build wrote this file") {
		t.Errorf("got %v", err)
	}
	if got := contents(t, outside); got["a.css"] != "mine" {
		t.Errorf("outside the folder: %v", got)
	}
	inside := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(from, inside); err != nil {
		t.Fatal(err)
	}
	if err := copyAll(from, filepath.Join(inside, "new")); err == nil || !strings.Contains(err.Error(), "are inside each other") {
		t.Errorf("got %v", err)
	}
}
