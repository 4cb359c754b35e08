package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

// edited is an app whose files the test changes while the app is shown.
type edited struct {
	*ui
	dir string
}

func openEdited(t *testing.T, options ...devhost.Option) *edited {
	t.Helper()
	dir := copyApp(t, filepath.Join("testdata", "refresh"))
	host := apphost.Serve(t, dir, options...)
	e := &edited{&ui{t: t, host: host, page: chromium.Open(t, host.URL())}, dir}
	e.app = e.page.Iframe(host.AppURL() + "main/")
	e.ready()
	e.connected(e.page)
	return e
}

// connected waits until the pages receive the host's messages.
func (e *edited) connected(pages ...*browser.Page) {
	e.t.Helper()
	e.host.SetProblems([]devhost.Problem{{ID: "test", Title: "A problem"}})
	for _, page := range pages {
		page.Wait("the socket", overlayShown)
	}
	e.host.SetProblems(nil)
	for _, page := range pages {
		page.Wait("the socket", "!("+overlayShown+")")
	}
}

// ready waits until the app has rendered.
func (e *edited) ready() {
	e.t.Helper()
	e.app.Wait("the app", "globalThis.ready && document.readyState === 'complete'")
}

// change writes a file of the app and refreshes a part of the page.
func (e *edited) change(name, text string, part devhost.Part) {
	e.t.Helper()
	e.write(name, text)
	resource, path, _ := strings.Cut(name, "/")
	e.host.Refresh(devhost.Refresh{Part: part, Resource: resource, Paths: []string{path}})
}

func (e *edited) write(name, text string) {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
		e.t.Fatal(err)
	}
}

// markPage lets the test see that the app's page, or the product's, is another one.
func markPage(f *browser.Frame) { f.Eval(`globalThis.old = true, 0`, nil) }

// isNew waits until the page with the mark is gone.
func isNew(f *browser.Frame) { f.Wait("a new page", `globalThis.old === undefined`) }

func (e *edited) stays(f *browser.Frame) {
	e.t.Helper()
	if got := f.String(`String(globalThis.old)`); got != "true" {
		e.t.Error("the page was loaded again")
	}
}
