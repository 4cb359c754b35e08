package devhost

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/testapp"
)

func TestResource(t *testing.T) {
	m := testapp.Manifest(t)
	for name, text := range map[string]string{
		"static/main/app.wasm":      "\x00asm\x01\x00\x00\x00",
		"static/main/app.wasm.gz":   "\x1f\x8b",
		"static/main/js/app.mjs":    "export {}",
		"static/main/other.html":    "<p>other",
		"static/main/.env":          "secret",
		"static/main/.git/config":   "secret",
		"static/main/a b.txt":       "space",
		"static/main/unknown.zzzzz": "?",
		"static/secret.txt":         "secret",
		"manifest.yml":              "app: secret",
	} {
		testapp.Write(t, m.Dir, name, text)
	}
	outside := filepath.Join(m.Dir, "static", "main", "link.txt")
	if err := os.Symlink(filepath.Join(m.Dir, "manifest.yml"), outside); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err) // on Windows, a user may lack the right to create a link
	}
	h := startHost(t, m, settings{})
	for _, c := range []struct {
		name, path  string
		status      int
		contentType string
	}{
		{"folder", "/main/", 200, "text/html; charset=utf-8"},
		{"folder without a slash", "/main", 307, ""},
		{"folder without a slash, with a query", "/main?x=1&y=2", 307, ""},
		{"index", "/main/index.html", 200, "text/html; charset=utf-8"},
		{"query", "/main/?a=b", 200, "text/html; charset=utf-8"},
		{"other page", "/main/other.html", 200, "text/html; charset=utf-8"},
		{"program", "/main/app.wasm", 200, "application/wasm"},
		{"compressed program", "/main/app.wasm.gz", 200, "application/gzip"},
		{"module", "/main/js/app.mjs", 200, "text/javascript; charset=utf-8"},
		{"space", "/main/a%20b.txt", 200, "text/plain; charset=utf-8"},
		{"unknown type", "/main/unknown.zzzzz", 200, "application/octet-stream"},
		{"bridge", bridgePath, 200, "text/javascript; charset=utf-8"},
		{"root", "/", 404, ""},
		{"unknown resource", "/nope/", 404, ""},
		{"unknown resource without a slash", "/%2Fevil.example", 404, ""},
		{"missing file", "/main/nope.js", 404, ""},
		{"folder in the folder", "/main/js/", 404, ""},
		{"folder in the folder without a slash", "/main/js", 404, ""},
		{"dot file", "/main/.env", 404, ""},
		{"dot folder", "/main/.git/config", 404, ""},
		{"escaped dot file", "/main/%2eenv", 404, ""},
		{"upwards", "/main/%2e%2e/secret.txt", 404, ""},
		{"upwards with a slash", "/main/..%2fsecret.txt", 404, ""},
		{"upwards twice", "/main/js/%2e%2e/%2e%2e/secret.txt", 404, ""},
		{"upwards with a backslash", `/main/..%5csecret.txt`, 404, ""},
		{"absolute", "/main/%2fetc/passwd", 404, ""},
		{"stream", "/main/index.html:x", 404, ""},
		{"zero byte", "/main/index.html%00", 404, ""},
		{"link out of the folder", "/main/link.txt", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := testapp.Ask(t, "GET", h.app.Origin+c.path, "")
			if resp.StatusCode != c.status {
				t.Fatalf("got %s: %s; want %d", resp.Status, text, c.status)
			}
			if strings.Contains(text, "secret") && !strings.Contains(c.path, "secret") {
				t.Errorf("the response contains the content of a file outside: %s", text)
			}
			if c.status == 200 && resp.Header.Get("Content-Type") != c.contentType {
				t.Errorf("the content type is %s, want %s", resp.Header.Get("Content-Type"), c.contentType)
			}
			if location := resp.Header.Get("Location"); c.status == 307 && location != strings.Replace(c.path, "/main", "/main/", 1) {
				t.Errorf("the response redirects to %s", location)
			}
		})
	}
}

func TestResourcePolicy(t *testing.T) {
	m := testapp.Manifest(t)
	m.Content.Scripts = []string{"unsafe-eval"}
	page := "<html><head><script>inline()</script></head></html>"
	testapp.Write(t, m.Dir, "static/main/index.html", page)
	testapp.Write(t, m.Dir, "static/main/worker.js", "")
	testapp.Write(t, m.Dir, "static/main/other.html", "<p>")
	h := startHost(t, m, settings{})
	index := policy.Local(m, []byte(page), h.product.Origin, policy.Additions(m, nil))
	other := policy.Local(m, nil, h.product.Origin, policy.Additions(m, nil))
	for name, want := range map[string]string{"": index, "worker.js": index, "other.html": other} {
		resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/"+name, "")
		if got := resp.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%q: the policy is\n%s\nwant\n%s", name, got, want)
		}
		if html := strings.HasSuffix("x"+name, "html") || name == ""; html != strings.Contains(text, bridgePath) {
			t.Errorf("%q contains the bridge's script: %v, want %v", name, !html, html)
		}
	}
	if !strings.Contains(index, "'unsafe-eval' 'sha256-") || !strings.Contains(index, "frame-ancestors 'self'") || !strings.Contains(index, " "+h.product.Origin+" ") {
		t.Errorf("the policy is %s; want the hash of the inline script, frame-ancestors and the product's origin", index)
	}
}
