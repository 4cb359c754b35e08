package appfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReadLimit(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "12345")
	for limit, want := range map[int64]error{4: ErrTooLarge, 5: nil, 6: nil} {
		data, err := ReadIn(dir, "a", limit)
		if !errors.Is(err, want) || err == nil && string(data) != "12345" {
			t.Errorf("ReadIn with the limit %d = %q, %v; want the error %v", limit, data, err, want)
		}
		if _, err := ReadPath(filepath.Join(dir, "a"), limit); !errors.Is(err, want) {
			t.Errorf("ReadPath with the limit %d: error %v; want %v", limit, err, want)
		}
	}
}

func TestReadRefusesFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "index.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, read := ReadIn(dir, "index.html", 10)
	for _, err := range []error{read, Check(dir, "index.html")} {
		if !errors.Is(err, ErrNotRegular) || !strings.Contains(err.Error(), "index.html is a folder") {
			t.Errorf("got %v, want %v that names the folder", err, ErrNotRegular)
		}
	}
}

func TestReadMissingFile(t *testing.T) {
	if _, err := ReadIn(t.TempDir(), "a", 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if err := Check(filepath.Join(t.TempDir(), "b"), "a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}
