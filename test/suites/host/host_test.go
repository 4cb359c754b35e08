// Package host tests what a person sees of the product page that stands in for Jira or Confluence. It tests the effect of
// each command of the bridge. The apps are plain JavaScript with Atlassian's own client. They use none of our packages.
//
// Run it from the folder test/. It needs Chromium, and the npm packages that "make setup" installs:
//
//	go test -count=1 ./suites/host
package host

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// All tests share chromium. Each test has its own tab.
var chromium *browser.Browser

func TestMain(m *testing.M) { apphost.Main(m, &chromium, nil) }

// serveApp runs the app in testdata/NAME on a local host until the test ends. It bundles the app's script, src/main.js,
// into each of the folders, next to the page there.
func serveApp(t *testing.T, name string, folders ...string) *devhost.Host {
	t.Helper()
	return apphost.Serve(t, copyApp(t, filepath.Join("testdata", name), folders...))
}

// copyApp returns a copy of the app in the folder from, with its script bundled into each of the folders.
func copyApp(t *testing.T, from string, folders ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if len(folders) == 0 {
		return dir
	}
	script, err := apphost.Script(filepath.Join(from, "src", "main.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if err := os.WriteFile(filepath.Join(dir, folder, "main.js"), script, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
