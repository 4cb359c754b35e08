package conformance

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/program"
)

// officialVersion is the release of @forge/bridge that the cases describe.
const officialVersion = "7.2.0"

// officialVersions are the releases that the cases describe.
var officialVersions = map[string]string{
	"bridge": officialVersion, "jira-bridge": "0.40.1", "confluence-bridge": "4.0.0", "dashboards-bridge": "0.1.20",
}

const modules = "../../node_modules"

// newSite builds the page with both clients and returns its address. The compiler builds our client.
func newSite(t *testing.T, compiler string) string {
	t.Helper()
	checkVersion(t)
	dir := filepath.Join(pages, compiler)
	if _, err := os.Stat(filepath.Join(dir, "official.js")); err != nil {
		buildSite(t, compiler, dir)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return server.URL
}

// buildSite builds the page into a folder. The bundle of the official client comes last.
func buildSite(t *testing.T, compiler, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "host.js", "operations.js"} {
		copyFile(t, filepath.Join("testdata/page", name), filepath.Join(dir, name))
	}
	if err := program.Build(t.Context(), "conformance", dir, bundle.Options{Compiler: compiler}); err != nil {
		t.Fatal(err)
	}
	official, err := apphost.Script("testdata/page/official.js")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "official.js"), official, 0o600); err != nil {
		t.Fatal(err)
	}
}

func checkVersion(t *testing.T) {
	t.Helper()
	for name, version := range officialVersions {
		text, err := os.ReadFile(filepath.Join(modules, "@forge", name, "package.json"))
		if err != nil {
			t.Fatalf("%v (run: make setup)", err)
		}
		var manifest struct{ Version string }
		if err := json.Unmarshal(text, &manifest); err != nil {
			t.Fatal(err)
		}
		if manifest.Version != version {
			t.Fatalf("@forge/%s is %s, and the cases are about %s", name, manifest.Version, version)
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
