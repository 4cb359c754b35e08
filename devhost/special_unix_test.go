//go:build unix

package devhost

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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

// TestSpecialFilesInResource: a request for a named pipe would wait for a writer, forever and with a thread.
func TestSpecialFilesInResource(t *testing.T) {
	m := testManifest(t)
	writeFile(t, m.Dir, "static/main/app.js", "1")
	makePipe(t, m.Dir, "static/main/pipe.txt")
	makePipe(t, m.Dir, "static/main/app.js.br")
	writeFile(t, m.Dir, "static/main/folder/index.html/x.txt", "")
	l, err := net.Listen("unix", filepath.Join(m.Dir, "static", "main", "s.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	h := startHost(t, m, Options{})
	for path, says := range map[string]string{
		"pipe.txt": "named pipe", "app.js.br": "named pipe", "folder/index.html": "is a folder", "s.txt": "is a socket",
	} {
		if resp, text := ask(t, "GET", h.AppURL()+"main/"+path, ""); resp.StatusCode != 404 || !strings.Contains(text, says) {
			t.Errorf("%s: got %s: %s", path, resp.Status, text)
		}
	}
	if resp, text := ask(t, "GET", h.AppURL()+"main/app.js", "", "Accept-Encoding", "br"); resp.StatusCode != 200 || text != "1" {
		t.Errorf("a file beside a pipe: got %s: %s", resp.Status, text)
	}
}

// TestSpecialMainPage: the main page's inline scripts count for the policy of every other file.
func TestSpecialMainPage(t *testing.T) {
	m := testManifest(t)
	writeFile(t, m.Dir, "static/main/app.js", "1")
	makePipe(t, m.Dir, "static/main/index.html")
	h := startHost(t, m, Options{})
	if resp, text := ask(t, "GET", h.AppURL()+"main/", ""); resp.StatusCode != 404 || !strings.Contains(text, "named pipe") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, text := ask(t, "GET", h.AppURL()+"main/app.js", ""); resp.StatusCode != 200 || text != "1" {
		t.Errorf("its script: got %s: %s", resp.Status, text)
	}
}

func TestSpecialFixtures(t *testing.T) {
	const dev = "functions:\n  a: {file: a.json}\nteamworkGraph:\n  \"*\": a.json\nuserRecommendations: a.json\n"
	h := dataHost(t, dev, "a.json", "1")
	makePipe(t, h.manifest.Dir, "a.json")
	for name, input := range map[string]string{"function": call("a", "{}"), "graph": "{}", "recommendations": "{}"} {
		if _, failed := askData(t, h, name, input); failed.Code != "FORGEGO_YML" || !strings.Contains(failed.Message, "named pipe") {
			t.Errorf("%s: got %+v", name, failed)
		}
	}
	// Between the check and the read.
	if _, err := h.readFixture("a.json"); err == nil || !strings.Contains(err.(*apiError).Detail, "named pipe") {
		t.Errorf("got %v", err)
	}
}

func TestSpecialTranslations(t *testing.T) {
	h := dataHost(t, "", "manifest.yml", "translations:\n  resources: [{key: en-US, path: locales/en.json}]\n  fallback: {default: en-US}\n", "locales/en.json", `{"title":"a"}`)
	makePipe(t, h.manifest.Dir, "locales/en.json")
	if resp, text := ask(t, "GET", h.AppURL()+"main/__LOCALES__/en-US.json", ""); resp.StatusCode != 404 || !strings.Contains(text, "named pipe") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, _ := ask(t, "GET", h.URL(), ""); resp.StatusCode != 200 {
		t.Errorf("the product page: got %s", resp.Status)
	}
}

// TestLinkedFolderOutside: a resource's folder that a symbolic link leads out of the app's is not served.
func TestLinkedFolderOutside(t *testing.T) {
	m, outside := testManifest(t), t.TempDir()
	writeFile(t, outside, "index.html", "secret")
	writeFile(t, m.Dir, "dist/index.html", "inside")
	for name, to := range map[string]string{"out": outside, "in": "dist"} {
		if err := os.Symlink(to, filepath.Join(m.Dir, name)); err != nil {
			t.Fatal(err)
		}
		m.Resources = append(m.Resources, manifest.Resource{Key: name, Path: name})
	}
	h := startHost(t, m, Options{})
	if resp, text := ask(t, "GET", h.AppURL()+"out/", ""); resp.StatusCode != 404 || !strings.Contains(text, "symbolic link") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	if resp, text := ask(t, "GET", h.AppURL()+"in/", ""); resp.StatusCode != 200 || !strings.Contains(text, "inside") {
		t.Errorf("a link inside the app's folder: got %s: %s", resp.Status, text)
	}
}

// What a program that was killed has written last is not why it ended.
func TestKilledFunctionSaysSo(t *testing.T) {
	h := dataHost(t, "functions:\n  killed: {command: [/bin/sh, -c, 'echo reading settings >&2; kill -KILL $$']}\n")
	_, failed := askData(t, h, "function", call("killed", "null"))
	if want := "The function killed failed: signal: killed, after it wrote: reading settings"; failed.Message != want {
		t.Errorf("got %q, want %q", failed.Message, want)
	}
}
