//go:build unix

package devhost

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// makePipe puts a named pipe into the app's folder.
func makePipe(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSpecialFilesInResource checks that special files are not opened. Opening a named pipe would block a thread until
// there is a writer.
func TestSpecialFilesInResource(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/app.js", "1")
	makePipe(t, m.Dir, "static/main/pipe.txt")
	makePipe(t, m.Dir, "static/main/app.js.br")
	testapp.Write(t, m.Dir, "static/main/folder/index.html/x.txt", "")
	l, err := net.Listen("unix", filepath.Join(m.Dir, "static", "main", "s.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := startHost(t, m, settings{})
	for path, says := range map[string]string{
		"pipe.txt": "named pipe", "app.js.br": "named pipe", "folder/index.html": "is a folder", "s.txt": "is a socket",
	} {
		if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/"+path, ""); resp.StatusCode != 404 || !strings.Contains(text, says) {
			t.Errorf("%s: got %s: %s", path, resp.Status, text)
		}
	}
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/app.js", "", "Accept-Encoding", "br"); resp.StatusCode != 200 || text != "1" {
		t.Errorf("a file next to a pipe: got %s: %s", resp.Status, text)
	}
}

// TestSpecialMainPage checks that other files are served if the main page is a named pipe. Their policy depends on the main
// page.
func TestSpecialMainPage(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/app.js", "1")
	makePipe(t, m.Dir, "static/main/index.html")
	h := startHost(t, m, settings{})
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/", ""); resp.StatusCode != 404 || !strings.Contains(text, "named pipe") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/app.js", ""); resp.StatusCode != 200 || text != "1" {
		t.Errorf("a script of that page: got %s: %s", resp.Status, text)
	}
}

func TestSpecialFixtures(t *testing.T) {
	const dev = "functions:\n  a: {file: a.json}\nteamworkGraph:\n  \"*\": a.json\nuserRecommendations: a.json\n"
	h := dataHost(t, dev, "a.json", "1")
	makePipe(t, h.dir, "a.json")
	for name, input := range map[string]string{"function": call("a", "{}"), "graph": "{}", "recommendations": "{}"} {
		if _, failed := askData(t, h, name, input); failed.Code != "FORGEGO_YML" || !strings.Contains(failed.Message, "named pipe") {
			t.Errorf("%s: got %+v", name, failed)
		}
	}
	// The file may become a pipe between the check and the read.
	if _, err := devfile.Fixture(h.dir, "a.json"); err == nil || !strings.Contains(err.(*apierror.Error).Detail, "named pipe") {
		t.Errorf("got %v, want an error about the named pipe", err)
	}
}

func TestSpecialTranslations(t *testing.T) {
	h := dataHost(t, "", "manifest.yml", "translations:\n  resources: [{key: en-US, path: locales/en.json}]\n  fallback: {default: en-US}\n", "locales/en.json", `{"title":"a"}`)
	makePipe(t, h.dir, "locales/en.json")
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/__LOCALES__/en-US.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "named pipe") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, _ := testapp.Ask(t, "GET", h.URL(), ""); resp.StatusCode != 200 {
		t.Errorf("the product page: got %s", resp.Status)
	}
}

// TestResourceFolderLinkedOutside checks that a resource's folder is not served if it is a symbolic link to a folder outside the
// app's.
func TestResourceFolderLinkedOutside(t *testing.T) {
	m, outside := testapp.Manifest(t), t.TempDir()
	testapp.Write(t, outside, "index.html", "secret")
	testapp.Write(t, m.Dir, "dist/index.html", "inside")
	for name, to := range map[string]string{"out": outside, "in": "dist"} {
		if err := os.Symlink(to, filepath.Join(m.Dir, name)); err != nil {
			t.Fatal(err)
		}
		m.Resources = append(m.Resources, manifest.Resource{Key: name, Path: name})
	}
	h := startHost(t, m, settings{})
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"out/", ""); resp.StatusCode != 404 || !strings.Contains(text, "symbolic link") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"in/", ""); resp.StatusCode != 200 || !strings.Contains(text, "inside") {
		t.Errorf("a link inside the app's folder: got %s: %s", resp.Status, text)
	}
}

// The last output of a killed function is not the reason why it ended. The error contains the signal and the output.
func TestKilledFunctionError(t *testing.T) {
	h := dataHost(t, "functions:\n  killed: {command: [/bin/sh, -c, 'echo reading settings >&2; kill -KILL $$']}\n")
	_, failed := askData(t, h, "function", call("killed", "null"))
	if want := "The function killed failed: signal: killed, after it wrote: reading settings"; failed.Message != want {
		t.Errorf("got %q, want %q", failed.Message, want)
	}
}
