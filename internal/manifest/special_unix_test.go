//go:build unix

package manifest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Opening a named pipe would wait for a writer forever.
func TestLoadRefusesSpecialFiles(t *testing.T) {
	translated := tasks + "translations:\n  resources: [{key: en-US, path: en.json}]\n  fallback: {default: en-US}\n"
	loadDev := func(dir string) error { _, err := LoadDev(dir); return err }
	load := func(dir string) error { _, err := Load(dir); return err }
	for _, c := range []struct {
		name, file string
		load       func(dir string) error
	}{
		{"manifest", "manifest.yml", load},
		{"main page", "static/index.html", load},
		{"translation", "en.json", func(dir string) error { _, err := LoadTranslations(dir); return err }},
		{"forgego.yml", "forgego.yml", loadDev},
		{"fixture", "a.json", loadDev},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, "manifest.yml", translated, "static/index.html", "", "en.json", `{"macro.title":"a"}`, "a.json", "1",
				"forgego.yml", "userRecommendations: a.json\n")
			path := filepath.Join(dir, filepath.FromSlash(c.file))
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- c.load(dir) }()
			select {
			case err := <-done:
				if err == nil || !strings.Contains(err.Error(), "named pipe") {
					t.Errorf("got %v, want an error that contains %q", err, "named pipe")
				}
				if e, ok := errors.AsType[*Error](err); ok && e.Fix == "" {
					t.Errorf("no remedy for: %v", e)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("loading has not returned after 20 s; it waits for a writer of the pipe")
			}
		})
	}
}

// TestLoadRefusesLinksOutOfFolder checks that symbolic links cannot make the host serve files outside the app's folder.
func TestLoadRefusesLinksOutOfFolder(t *testing.T) {
	outside := app(t, "static/index.html", "", "a.json", "1")
	loadDev := func(dir string) error { _, err := LoadDev(dir); return err }
	load := func(dir string) error { _, err := Load(dir); return err }
	for _, c := range []struct {
		name, file string
		load       func(dir string) error
	}{
		{"resource folder", "static", load},
		{"main page", "static/index.html", load},
		{"fixture", "a.json", loadDev},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, "manifest.yml", tasks, "static/index.html", "", "a.json", "1", "forgego.yml", "userRecommendations: a.json\n")
			if err := c.load(dir); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, filepath.FromSlash(c.file))
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(outside, filepath.FromSlash(c.file)), path); err != nil {
				t.Fatal(err)
			}
			if err := c.load(dir); err == nil || !strings.Contains(err.Error(), "symbolic link") {
				t.Errorf("got %v, want an error that contains %q", err, "symbolic link")
			}
		})
	}
}

// A symbolic link leads to the folder that anyone can load.
func TestStorageBehindLink(t *testing.T) {
	for _, name := range []string{"link/storage.json", "link/none/storage.json", "other/storage.json"} {
		dir := app(t, "manifest.yml", fmt.Sprintf(storageApp, "index", "served"), "forgego.yml", "storage: "+name+"\n", "other/index.html", "")
		for link, to := range map[string]string{"link": "other", "served": "other"} {
			if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
				t.Fatal(err)
			}
		}
		checkStorageFault(t, dir, name, `storage cannot be in the folder "served"`)
	}
}
