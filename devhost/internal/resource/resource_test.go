package resource

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// server serves the files of an app.
type server struct {
	url string
}

// AppURL returns the root of the app's origin.
func (s *server) AppURL() string { return s.url + "/" }

// serve serves the resources of an app until the test ends. The policy depends on the page.
func serve(t *testing.T, m *manifest.Manifest) *server {
	t.Helper()
	s := &Server{
		Dir:    m.Dir,
		Policy: func(_ *http.Request, page []byte) string { return "sandbox " + Tag(page) },
		Inject: func(page []byte) []byte { return append([]byte("<script></script>"), page...) },
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{key}/{name...}", func(w http.ResponseWriter, r *http.Request) {
		resource, ok := m.Resource(r.PathValue("key"))
		if !ok {
			t.Errorf("there is no resource %q", r.PathValue("key"))
		}
		s.Serve(w, r, resource, r.PathValue("name"))
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return &server{site.URL}
}

func TestResourceNotBuilt(t *testing.T) {
	m := testapp.Manifest(t)
	if err := os.RemoveAll(filepath.Join(m.Dir, "static")); err != nil {
		t.Fatal(err)
	}
	h := serve(t, m)
	if resp, text := testapp.Ask(t, "GET", h.AppURL()+"main/", ""); resp.StatusCode != 404 || !strings.Contains(text, "built") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
	testapp.Write(t, m.Dir, "static/main/index.html", "<p>there")
	if resp, _ := testapp.Ask(t, "GET", h.AppURL()+"main/", ""); resp.StatusCode != 200 {
		t.Errorf("after a build: got %s", resp.Status)
	}
}

func TestResourceCaching(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "static/main/app.wasm", "first!")
	h := serve(t, m)
	for _, name := range []string{"app.wasm", ""} {
		url := h.AppURL() + "main/" + name
		resp, text := testapp.Ask(t, "GET", url, "")
		tag := resp.Header.Get("ETag")
		if tag == "" || resp.Header.Get("Cache-Control") != "no-cache" || resp.Header.Get("Last-Modified") != "" {
			t.Fatalf("%s: the header is %v; want an ETag, no-cache and no Last-Modified", url, resp.Header)
		}
		warm, _ := testapp.Ask(t, "GET", url, "", "If-None-Match", tag)
		if warm.StatusCode != 304 || warm.Header.Get("Content-Security-Policy") != resp.Header.Get("Content-Security-Policy") {
			t.Errorf("%s: warm load got %s", url, warm.Status)
		}
		if head, _ := testapp.Ask(t, "HEAD", url, ""); head.StatusCode != 200 || head.ContentLength != int64(len(text)) {
			t.Errorf("%s: HEAD got %s, %d", url, head.Status, head.ContentLength)
		}
		if part, text := testapp.Ask(t, "GET", url, "", "Range", "bytes=1-2"); part.StatusCode != 206 || len(text) != 2 {
			t.Errorf("%s: range got %s, %q", url, part.Status, text)
		}
	}
	// The new build has the same size and time.
	path := filepath.Join(m.Dir, "static", "main", "app.wasm")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := testapp.Ask(t, "GET", h.AppURL()+"main/app.wasm", "")
	testapp.Write(t, m.Dir, "static/main/app.wasm", "second")
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	after, text := testapp.Ask(t, "GET", h.AppURL()+"main/app.wasm", "", "If-None-Match", before.Header.Get("ETag"))
	if after.StatusCode != 200 || text != "second" {
		t.Errorf("after a build: got %s, %q; want 200 and the new file", after.Status, text)
	}
}

// TestReplacedFileOfSameSizeAndTime checks that a new file is served, even if it has the same size and the same old time.
func TestReplacedFileOfSameSizeAndTime(t *testing.T) {
	m := testapp.Manifest(t)
	h := serve(t, m)
	old := time.Now().Add(-time.Hour)
	for _, c := range []struct{ name, file, accept, first, second string }{
		{"program", "app.wasm", "identity", "first!", "second"},
		{"style", "style.css", "identity", "a{b:c}", "a{b:d}"},
		{"compressed form", "js/app.js.br", "identity", "first!", "second"},
		{"page", "other.html", "identity", "<p>first!", "<p>second"},
		{"main page, on which the policy depends", "index.html", "identity", "<p>first!", "<p>second"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, tag := h.AppURL()+"main/"+c.file, ""
			for i, text := range []string{c.first, c.second, c.first} {
				testapp.Write(t, m.Dir, "static/main/"+c.file, text)
				if err := os.Chtimes(filepath.Join(m.Dir, "static", "main", c.file), old, old); err != nil {
					t.Fatal(err)
				}
				for range 2 { // the cache of the first answer must not change the second
					resp, got := testapp.Ask(t, "GET", url, "", "If-None-Match", tag, "Accept-Encoding", c.accept)
					if resp.StatusCode != 200 || !strings.Contains(got, strings.TrimPrefix(text, "<p>")) {
						t.Errorf("version %d: got %s, %q", i, resp.Status, got)
					}
				}
				resp, _ := testapp.Ask(t, "GET", url, "", "Accept-Encoding", c.accept)
				tag = resp.Header.Get("ETag")
			}
		})
	}
}
