package host

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

const asksConfluence = `bridge.requestConfluence("/wiki/a").then((r) => r.status)`

// dataApp waits for the app's page in a window.
func dataApp(page *browser.Page, host *devhost.Host) *browser.Frame {
	app := page.Iframe(host.AppURL())
	app.Wait("the app", `globalThis.bridge`)
	return app
}

// TestCredentialsNeedThePrintedAddress checks that the printed address contains the key, that the key disappears from the
// address bar, and that the page keeps it.
func TestCredentialsNeedThePrintedAddress(t *testing.T) {
	host, _ := serveData(t, false)
	printed := moduleURL(host, "javascript")
	plain, key, _ := strings.Cut(printed, "#key=")
	if key == "" {
		t.Fatal("no key is printed")
	}
	page := chromium.Open(t, plain)
	app := dataApp(page, host)
	if got := evaluate(t, app, asksConfluence); !strings.Contains(got, "Open the address that forgego dev has printed") {
		t.Errorf("without the key: got %s", got)
	}
	// Open the printed address in the window that is already open. The browser does not load the page again.
	page.Eval(`void location.assign(`+strconv.Quote(printed)+`)`, nil)
	page.Wait("the key to be taken", `location.hash === ""`)
	if got := evaluate(t, app, asksConfluence); got != "200" {
		t.Errorf("with the printed address: got %s", got)
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"loaded again", func() { page.Reload() }},
		{"another module and back", func() {
			for _, module := range []string{"go", "javascript"} {
				// The address changes before the next page has its menu.
				link := `document.querySelector('a[href="/?module=` + module + `"]')`
				page.Wait("the menu", link+` !== null`)
				page.Eval(`void `+link+`.click()`, nil)
				page.Wait("the module "+module, `location.search === "?module=`+module+`"`)
			}
		}},
	} {
		step.do()
		if got := evaluate(t, dataApp(page, host), asksConfluence); got != "200" {
			t.Errorf("%s: got %s", step.name, got)
		}
	}
	second := page.OpenWindow(plain)
	if got := evaluate(t, dataApp(second, host), asksConfluence); got != "200" {
		t.Errorf("a second window without the key: got %s", got)
	}
	// Neither the app nor anything that the developer may show to others contains the key.
	app = dataApp(page, host)
	for what, text := range map[string]string{
		"the address":           page.String(`location.href`),
		"the document":          page.String(`document.documentElement.outerHTML`),
		"the cookies":           page.String(`document.cookie`),
		"lasting storage":       page.String(`JSON.stringify({ ...localStorage })`),
		"the app's referrer":    app.String(`document.referrer`),
		"the app's storage":     app.String(`JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, name])`),
		"the list of calls":     page.Text(),
		"requests of the page":  strings.Join(page.Requests(), "\n"),
		"the history of states": page.String(`JSON.stringify(history.state)`),
	} {
		if strings.Contains(text, key) {
			t.Errorf("%s has the key: %s", what, text)
		}
	}
	if other := chromium.Open(t, plain); strings.Contains(evaluate(t, dataApp(other, host), asksConfluence), "200") {
		t.Error("another browser profile got the key")
	}
}

// TestWithoutCredentialsTheAddressIsPlain checks that the address has no key if forgego.yml names no credentials.
func TestWithoutCredentialsTheAddressIsPlain(t *testing.T) {
	host := serveApp(t, "ui", "static", "dialog")
	if host.PageURL() != host.URL() {
		t.Errorf("got %s", host.PageURL())
	}
}

// TestOtherSitesCannotIncludeScripts tries each way in which another website can load what the local host serves. The
// website is localhost, which is another site than 127.0.0.1.
func TestOtherSitesCannotIncludeScripts(t *testing.T) {
	dir := copyApp(t, filepath.Join("testdata", "ui"), "static", "dialog")
	for name, text := range map[string]string{
		"own.js":      "globalThis.own = (globalThis.own ?? 0) + 1",
		"nested.html": `<!doctype html><title>Nested</title><script src="own.js"></script><script src="says.js"></script><img src="dot.svg" id="dot">`,
		"says.js":     `addEventListener("load", () => parent.postMessage({ own: globalThis.own, dot: document.getElementById("dot").naturalWidth, origin: self.origin }, "*"))`,
		"dot.svg":     `<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"></svg>`,
	} {
		if err := os.WriteFile(filepath.Join(dir, "static", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	host := apphost.Serve(t, dir)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
	}))
	t.Cleanup(site.Close)
	page := chromium.Open(t, strings.Replace(site.URL, "127.0.0.1", "localhost", 1))
	for _, address := range []string{
		host.AppURL() + "main/own.js", host.AppURL() + "main/dot.svg", host.AppURL() + "_bridge/bridge.js", host.URL() + "wire.js", host.URL() + ".well-known/jwks.json",
	} {
		for _, c := range []struct{ name, tag, property string }{
			{"a script", "script", "src"}, {"a module", "script", "src"}, {"an image", "img", "src"}, {"a style sheet", "link", "href"},
		} {
			got := page.String(`new Promise((resolve) => {
				const element = document.createElement(` + strconv.Quote(c.tag) + `);
				if (` + strconv.Quote(c.name) + ` === "a module") element.type = "module";
				element.rel = "stylesheet";
				element.onload = () => resolve("loaded");
				element.onerror = () => resolve("refused");
				element[` + strconv.Quote(c.property) + `] = ` + strconv.Quote(address) + `;
				document.head.append(element);
			})`)
			if got != "refused" {
				t.Errorf("%s as %s: %s", address, c.name, got)
			}
		}
		if got := page.String(`fetch(` + strconv.Quote(address) + `, { mode: "no-cors" }).then(() => "fetched", () => "refused")`); got != "refused" {
			t.Errorf("%s: %s", address, got)
		}
	}
	if got := page.String(`String(globalThis.own)`); got != "undefined" {
		t.Errorf("the app's script ran in the website: %s", got)
	}
	// A link on the website still leads to the product's page.
	page.Eval(`void location.assign(`+strconv.Quote(host.URL())+`)`, nil)
	app := page.Iframe(host.AppURL() + "main/")
	app.Wait("the app", "globalThis.bridge")
	// A frame of the app with the app's origin can also load the app's files.
	got := app.String(`new Promise((resolve) => {
		addEventListener("message", ({ data }) => data.origin && resolve(JSON.stringify([data.own, data.dot])));
		const frame = document.createElement("iframe");
		frame.sandbox = "allow-scripts allow-same-origin";
		frame.src = "nested.html";
		document.body.append(frame);
	})`)
	if got != `[1,7]` {
		t.Errorf("in a frame of its own: got %s", got)
	}
}
