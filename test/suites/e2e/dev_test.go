package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/exampleapp"
)

// host is a running "forgego dev".
type host struct {
	*process
	// url is the address of the product page. It ends with a slash.
	url string
}

// dev starts the command for the folder of an app, on a free port.
func dev(t *testing.T, env []string, args ...string) *host {
	t.Helper()
	p := start(t, env, forgego, append([]string{"dev", "--addr", "127.0.0.1:0"}, args...)...)
	return &host{p, p.wait(t, `(?m)^ready: (http://127\.0\.0\.1:\d+/)$`)}
}

func (h *host) origin() string { return strings.TrimSuffix(h.url, "/") }

// app is the example in the iframe of the product page.
type app struct{ exampleapp.App }

// open opens the product page and waits for the app in its iframe.
func (h *host) open(t *testing.T) app { return app{exampleapp.Open(t, chromium, h.url)} }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
