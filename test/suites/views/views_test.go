// Package views tests the pages that modules show: the module's own, and the views below it, such as the one in which a field
// is edited. The apps are plain JavaScript with Atlassian's own clients.
//
// Run it from the folder test/. It needs Chromium, and the npm packages that "make setup" installs:
//
//	go test -count=1 ./suites/views
package views

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// All tests share chromium. Each test has its own tab. built has the app's pages with their script, and in its folder go the
// app of test/programs/views.
var (
	chromium *browser.Browser
	built    string
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) error {
		built = dir
		from := filepath.Join("testdata", "app")
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			return err
		}
		script, err := apphost.Script(filepath.Join(from, "src", "main.js"))
		if err != nil {
			return err
		}
		for _, folder := range []string{"show", "setup"} {
			if err := os.WriteFile(filepath.Join(dir, folder, "main.js"), script, 0o600); err != nil {
				return err
			}
		}
		return apphost.Build(context.Background(), "views", filepath.Join(dir, "go"), bundle.Options{})
	})
}

const appID = "ari:cloud:ecosystem::app/5d1c9a52-3f0e-4b7c-9a41-6c1f0d2b7e88"

// manifestOf returns a manifest with these modules. Its resources are show and setup.
func manifestOf(modules string) string {
	return "app:\n  id: " + appID + "\nmodules:\n" + modules +
		"resources:\n  - key: show\n    path: show\n  - key: setup\n    path: setup\n"
}

// serve runs an app with these modules on a local host until the test ends. forgegoYML may be empty.
func serve(t *testing.T, modules, forgegoYML string) *devhost.Host {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(built)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"manifest.yml": manifestOf(modules), "forgego.yml": forgegoYML} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return apphost.Serve(t, dir)
}

// ui is a module in the product's page.
type ui struct {
	t    *testing.T
	host *devhost.Host
	page *browser.Page
}

func open(t *testing.T, host *devhost.Host, query string) *ui {
	t.Helper()
	return &ui{t, host, chromium.Open(t, host.URL()+"?"+query)}
}

func (u *ui) goTo(query string) { u.page.Goto(u.host.URL() + "?" + query) }

// app returns the app's page of a resource after its script has run.
func (u *ui) app(resource string) *browser.Frame {
	u.t.Helper()
	f := u.page.Iframe(u.host.AppURL() + resource + "/")
	f.Wait("the app", "globalThis.bridge")
	return f
}

// ask returns the value of an expression in a page of the app as JSON, or the error's message.
func ask(f *browser.Frame, expression string) string {
	return f.String(`Promise.resolve().then(() => (` + expression + `)).then((value) => JSON.stringify(value) ?? "undefined", (error) => "error: " + error.message)`)
}

func (u *ui) want(f *browser.Frame, expression, want string) {
	u.t.Helper()
	if got := ask(f, expression); got != want {
		u.t.Errorf("%s returns %s, want %s", expression, got, want)
	}
}

// sees waits until a page of the app has a member of the context's extension, as JSON.
func (u *ui) sees(f *browser.Frame, member, want string) {
	u.t.Helper()
	f.Wait("extension."+member+" to be "+want, fmt.Sprintf(
		`bridge.view.getContext().then((c) => JSON.stringify(%s) === %q)`, "c.extension."+strings.ReplaceAll(member, ".", "?."), want))
}

// front returns the app's page in front: that of the view that is open, or else the module's own.
func (u *ui) front() *browser.Frame {
	u.t.Helper()
	frames := 0
	u.page.Eval(`document.querySelectorAll("iframe").length`, &frames)
	if frames > 1 {
		return u.page.LastIframe()
	}
	return u.page.Iframe(u.host.AppURL())
}
