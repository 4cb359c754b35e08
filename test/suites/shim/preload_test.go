package shim

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/program"
)

// TestPreloadedFilesAreRequestedOnce checks that the shim requests exactly what the page of "forgego build" preloads, so
// that nothing is loaded twice.
func TestPreloadedFilesAreRequestedOnce(t *testing.T) {
	for _, c := range []struct {
		name    string
		gzip    bool
		program string
	}{
		{"plain", false, "/app.wasm"},
		{"compressed", true, "/app.wasm.gz"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if c.gzip {
				// Build updates the file if it exists, and its page then loads it.
				if err := os.WriteFile(filepath.Join(dir, bundle.Gzipped), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := program.Build(t.Context(), "shim", dir, bundle.Options{}); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			asked := map[string]int{}
			preloaded := make(chan struct{})
			files := http.FileServer(http.Dir(dir))
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked[r.URL.Path]++
				if r.URL.Path == c.program && asked[r.URL.Path] == 1 {
					close(preloaded)
				}
				mu.Unlock()
				if r.URL.Path == "/forgego.js" {
					select {
					case <-preloaded: // so the first request for the program is the link's
					case <-r.Context().Done():
					}
				}
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("Content-Security-Policy", forgePolicy("'unsafe-eval'"))
				files.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			page := chromium.Open(t, server.URL)
			page.Wait("the program", `globalThis.app === "runs"`)
			mu.Lock()
			defer mu.Unlock()
			delete(asked, "/favicon.ico")
			if want := map[string]int{"/": 1, "/forgego.js": 1, c.program: 1}; !reflect.DeepEqual(asked, want) {
				t.Errorf("the page asked for %v, want %v", asked, want)
			}
		})
	}
}
