// Package tunnel tests forgego tunnel as a developer uses it, with the server of Atlassian's forge tunnel between it and
// Chromium: npm's @forge/tunnel adds its scripts and its policy to the page.
//
// It needs Chromium, Node.js and the npm packages of test/atlassian (make setup):
//
//	go test -count=1 ./suites/tunnel
package tunnel

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

var (
	chromium *browser.Browser
	forgego  string
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) (err error) {
		forgego, err = command.Build(dir)
		return err
	})
}

// The app has no permission for inline styles, so what forgego adds to the page must do without them.
var app = map[string]string{
	"go.mod": "module example.com/app\n\ngo 1.26.0\n",
	"manifest.yml": `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
  runtime:
    name: nodejs22.x
modules:
  jira:globalPage:
    - key: page
      title: Page
      resource: main
resources:
  - key: main # the page
    path: static
permissions:
  content:
    scripts:
      - unsafe-eval
`,
	"forgego.yml": "frontends:\n  main:\n    package: ./frontend\n",
	"static/index.html": `<!doctype html>
<html lang="en">
<head>
<title>App</title>
<link rel="stylesheet" href="style.css">
<script src="forgego.js" data-program="app.wasm" defer></script>
</head>
<body>
<p id="page">first page</p>
<p id="words"></p>
<label>Name <input id="name"></label>
</body>
</html>
`,
	"static/style.css": "#page { color: rgb(1, 0, 0); }\n",
	"frontend/main.go": `package main

import "syscall/js"

func main() {
	js.Global().Get("document").Call("getElementById", "words").Set("textContent", "first words")
	select {}
}
`,
}

// tunnelled is an app under forgego tunnel and forge tunnel, with its page.
type tunnelled struct {
	t   *testing.T
	app *command.App
	// own is forgego tunnel.
	own  *command.Process
	page *browser.Page
	// url is the address at forge tunnel.
	url string
}

func open(t *testing.T) *tunnelled {
	t.Helper()
	d := &tunnelled{t: t, app: command.NewApp(t, app)}
	d.own = command.Start(t, exec.Command(forgego, "tunnel", "--write", d.app.Dir))
	value, err := manifest.Value(d.app.Dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	d.url = command.Start(t, exec.Command("node", "testdata/atlassian.mjs", string(text), "main")).URL
	d.page = chromium.Open(t, "")
	d.page.Answer("https://forge.cdn.prod.atlassian-dev.net/*", func(url string) string {
		if strings.Contains(url, "global-bridge") {
			return `globalThis.__bridge = { callBridge: async () => undefined };`
		}
		return ""
	})
	d.page.Goto(d.url + "?hostname=https://my.atlassian.net")
	return d
}

func (d *tunnelled) shows(id, text string) {
	d.t.Helper()
	d.page.Wait(id+" shows "+text, fmt.Sprintf("document.getElementById(%q)?.textContent === %q", id, text))
}

// problem is the text of the overlay, or "".
const problem = `(document.querySelector('forgego-problems')?.shadowRoot.textContent ?? '')`

func TestTunnel(t *testing.T) {
	d := open(t)
	d.shows("words", "first words")
	var bridged bool
	d.page.Eval(`typeof __bridge.callBridge === 'function'`, &bridged)
	if !bridged {
		t.Error("the page does not have the bridge of forge tunnel")
	}
	d.page.Find("textbox", "Name").Fill("typed")
	keepsTyped := func() {
		t.Helper()
		d.page.Wait("what was typed", `document.getElementById('name')?.value === 'typed'`)
	}

	t.Run("manifest", func(t *testing.T) {
		text, err := os.ReadFile(filepath.Join(d.app.Dir, "manifest.yml"))
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Replace(app["manifest.yml"], "    path: static\n", "    path: static\n    tunnel:\n      port: "+strings.Trim(d.own.URL[strings.LastIndex(d.own.URL, ":"):], ":/")+"\n", 1)
		if string(text) != want {
			t.Errorf("manifest.yml is\n%s\nwant\n%s", text, want)
		}
	})
	t.Run("policy", func(t *testing.T) {
		resp, err := http.Get(d.url + "?hostname=https://my.atlassian.net")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "https://my.atlassian.net") || strings.Contains(policy, "unsafe-inline") {
			t.Errorf("the policy is not that of forge tunnel: %q", policy)
		}
		if text := string(page); !strings.Contains(text, "global-bridge.js") || !strings.Contains(text, "/__forgego/client.js") {
			t.Errorf("a script is missing:\n%s", text)
		}
	})
	t.Run("style sheet", func(t *testing.T) {
		d.t = t
		d.page.Eval(`void (globalThis.sameDocument = true)`, nil)
		d.app.Change(d.t, "static/style.css", "rgb(1, 0, 0)", "rgb(2, 0, 0)")
		d.page.Wait("the new color", `getComputedStyle(document.getElementById('page')).color === 'rgb(2, 0, 0)'`)
		d.page.Wait("the same document", `globalThis.sameDocument === true`)
	})
	t.Run("page", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "static/index.html", "first page", "second page")
		d.shows("page", "second page")
		keepsTyped()
	})
	t.Run("front end", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "frontend/main.go", "first words", "second words")
		d.shows("words", "second words")
		keepsTyped()
	})
	t.Run("compile error", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "frontend/main.go", `"first words"`, "firstWords")
		d.page.Wait("the error", problem+`.includes('undefined: firstWords')`)
		d.page.Wait("its place", problem+`.includes('main.go:6:')`)
		d.page.Wait("its style", `getComputedStyle(document.querySelector('forgego-problems')).position === 'fixed'`)
		d.shows("words", "second words") // the last program still runs
		if shots := os.Getenv("SHOTS"); shots != "" {
			for _, scheme := range []string{"light", "dark"} {
				d.page.SetMedia("screen", "prefers-color-scheme", scheme)
				if err := os.WriteFile(filepath.Join(shots, "tunnel-"+scheme+".png"), d.page.Screenshot(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		d.app.Change(d.t, "frontend/main.go", "first words", "third words")
		d.shows("words", "third words")
		d.page.Wait("no error", problem+` === ''`)
		if text := d.own.Log.String(); !strings.Contains(text, "undefined: firstWords") {
			t.Errorf("the terminal does not show the error:\n%s", text)
		}
	})
	t.Run("error of the page", func(t *testing.T) {
		d.t = t
		d.page.Eval(`void setTimeout(() => { throw new Error('it broke with Bearer abc123'); })`, nil)
		d.own.Log.Wait(t, "it broke with Bearer [hidden]")
	})
	t.Run("invalid manifest", func(t *testing.T) {
		d.t = t
		before, err := os.ReadFile(filepath.Join(d.app.Dir, "manifest.yml"))
		if err != nil {
			t.Fatal(err)
		}
		d.app.Save(d.t, "manifest.yml", strings.Replace(string(before), "resource: main", "resource: nope", 1))
		d.page.Wait("the error", problem+`.includes('nope')`)
		d.app.Save(d.t, "manifest.yml", string(before))
		d.page.Wait("no error", problem+` === ''`)
	})
}
