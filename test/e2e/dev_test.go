package e2e

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/browser"
)

// host is a running "forgego dev".
type host struct {
	*process
	// url is the product page's address, with a slash at the end.
	url string
}

// dev starts the command for an app's folder, on a free port.
func dev(t *testing.T, env []string, args ...string) *host {
	t.Helper()
	p := start(t, env, forgego, append([]string{"dev", "--addr", "127.0.0.1:0"}, args...)...)
	return &host{p, p.wait(t, `(?m)^ready: (http://127\.0\.0\.1:\d+/)$`)}
}

func (h *host) origin() string { return strings.TrimSuffix(h.url, "/") }

// appOrigin gives the origin of the app's pages, which the product page's policy names.
func (h *host) appOrigin(t *testing.T) string {
	t.Helper()
	response, err := http.Get(h.url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	origin := regexp.MustCompile(`frame-src (http://127\.0\.0\.1:\d+)`).FindStringSubmatch(response.Header.Get("Content-Security-Policy"))
	if origin == nil {
		t.Fatal("the product page's policy names no frame")
	}
	return origin[1]
}

// app is the example in the product page's iframe.
type app struct {
	*browser.Frame
	page *browser.Page
}

// open opens the product page and waits for the app in its iframe.
func (h *host) open(t *testing.T) app {
	t.Helper()
	page := chromium.Open(t, h.url)
	page.Wait("the app's iframe", `document.querySelector("iframe")`)
	return app{page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`)), page}
}

// copyOfExample makes an app of the example's files, with its front end as it is built, whose remote runs at address. Its
// host has no realtime, so that one window learns of another's changes from the remote, or not at all.
func copyOfExample(t *testing.T, address string) string {
	t.Helper()
	dir := t.TempDir()
	copyFile(t, filepath.Join(example, "manifest.yml"), filepath.Join(dir, "manifest.yml"))
	copyFolder(t, filepath.Join(example, "static"), filepath.Join(dir, "static"))
	copyFolder(t, filepath.Join(example, "locales"), filepath.Join(dir, "locales"))
	write(t, filepath.Join(dir, "forgego.yml"), "realtime: off\nremotes:\n  tasks-api:\n    url: "+address+"\n")
	return dir
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err == nil {
			copyFile(t, path, filepath.Join(to, name))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(content))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
