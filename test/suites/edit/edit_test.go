// Package edit tests the edit loop as a developer uses it: the command "forgego dev" runs on an app, a page is open in
// Chromium, and a file is saved.
//
// Run it from the folder test/; it needs Chromium:
//
//	go test -count=1 ./suites/edit
package edit

import (
	"fmt"
	"maps"
	"os/exec"
	"testing"

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

var app = map[string]string{
	"go.mod": "module example.com/app\n\ngo 1.26.0\n",
	"manifest.yml": `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: First title
      resource: main
resources:
  - key: main
    path: static
remotes:
  - key: api
    baseUrl: https://api.example.com
permissions:
  content:
    scripts:
      - unsafe-eval
`,
	"forgego.yml": `frontends:
  main:
    package: ./frontend
remotes:
  api:
    command: [go, run, ./backend]
functions:
  text:
    file: text.json
`,
	"text.json": `"first fixture"`,
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
	"words/words.go":   "package words\n\nconst Text = \"first words\"\n",
	"frontend/main.go": `package main

import (
	"syscall/js"

	"example.com/app/words"
)

func main() {
	js.Global().Get("document").Call("getElementById", "words").Set("textContent", words.Text)
	select {}
}
`,
	"backend/main.go": `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "authorization")
		if r.Method != http.MethodOptions {
			fmt.Fprint(w, "first answer")
		}
	})
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
`,
}

// development is an app under forgego dev, with its page.
type development struct {
	t   *testing.T
	app *command.App
	url string
	// page is the product's page, and frame the app's page in it.
	page  *browser.Page
	frame *browser.Frame
}

// develop runs forgego dev on an app and opens its page. changed are texts of files that differ from app's, by name.
func develop(t *testing.T, changed map[string]string) *development {
	t.Helper()
	files := maps.Clone(app)
	maps.Copy(files, changed)
	d := &development{t: t, app: command.NewApp(t, files)}
	d.url = command.Start(t, exec.Command(forgego, "dev", "--addr", "127.0.0.1:0", d.app.Dir)).URL
	d.page = chromium.Open(t, d.url)
	d.frame = d.page.Iframe(apphost.AppOrigin(t, d.url))
	return d
}

// shows waits until an element of the app's page has a text.
func (d *development) shows(id, text string) {
	d.t.Helper()
	d.frame.Wait(id+" shows "+text, fmt.Sprintf("document.getElementById(%q)?.textContent === %q", id, text))
}

// answer returns what the backend answers to requestRemote.
func (d *development) answer() (body string) {
	d.t.Helper()
	d.frame.Eval(`__bridge.callBridge('fetchRemote', { remoteKey: 'api', fetchRequestInit: { path: '/', method: 'GET' } }).then(({ body }) => body)`, &body)
	return body
}

func TestEdit(t *testing.T) {
	d := develop(t, nil)
	d.shows("words", "first words")
	if got := d.answer(); got != "first answer" {
		t.Fatalf("the backend answers %q", got)
	}
	d.frame.Find("textbox", "Name").Fill("typed")

	t.Run("style sheet", func(t *testing.T) {
		d.t = t
		d.frame.Eval(`void (globalThis.sameDocument = true)`, nil)
		d.app.Change(d.t, "static/style.css", "rgb(1, 0, 0)", "rgb(2, 0, 0)")
		d.frame.Wait("the new color", `getComputedStyle(document.getElementById('page')).color === 'rgb(2, 0, 0)'`)
		d.frame.Wait("the same document", `globalThis.sameDocument === true`)
	})
	t.Run("page", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "static/index.html", "first page", "second page")
		d.shows("page", "second page")
		d.keepsTyped()
	})
	t.Run("front end", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "words/words.go", "first words", "second words")
		d.shows("words", "second words")
		d.keepsTyped()
	})
	t.Run("compile error", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "frontend/main.go", "words.Text", "words.Txt")
		d.page.Wait("the error's place", `document.body.innerText.includes('main.go:10:')`)
		d.page.Wait("the error", `document.body.innerText.includes('undefined: words.Txt')`)
		d.shows("words", "second words") // the old program goes on
		d.app.Save(d.t, "frontend/main.go", app["frontend/main.go"])
		d.page.Wait("no error", `!document.body.innerText.includes('undefined: words.Txt')`)
		d.keepsTyped()
	})
	t.Run("backend", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "backend/main.go", "first answer", "second answer")
		for got := d.answer(); got != "second answer"; got = d.answer() {
			if got != "first answer" {
				t.Fatalf("a call during the restart got %q", got)
			}
		}
	})
	t.Run("backend that does not build", func(t *testing.T) {
		d.t = t
		d.app.Save(d.t, "backend/main.go", app["backend/main.go"]+"oops\n")
		d.page.Wait("the error", `document.body.innerText.includes('syntax error')`)
		if got := d.answer(); got != "second answer" {
			t.Errorf("the old backend answers %q", got)
		}
		d.app.Save(d.t, "backend/main.go", app["backend/main.go"])
		d.page.Wait("no error", `!document.body.innerText.includes('syntax error')`)
	})
	t.Run("fixture", func(t *testing.T) {
		d.t = t
		d.frame.Eval(`void (globalThis.sameDocument = true)`, nil)
		d.app.Save(d.t, "text.json", `"second fixture"`)
		d.frame.Wait("a new document", `globalThis.sameDocument !== true && globalThis.__bridge`)
		var text string
		d.frame.Eval(`__bridge.callBridge('invoke', { functionKey: 'text' })`, &text)
		if text != "second fixture" {
			t.Errorf("the function returns %q", text)
		}
	})
	t.Run("manifest", func(t *testing.T) {
		d.t = t
		d.app.Change(d.t, "manifest.yml", "First title", "Second title")
		d.page.Wait("the new title", `document.querySelector('h1').textContent === 'Second title'`)
		d.shows("words", "second words")
		d.keepsTyped()
		d.app.Save(d.t, "manifest.yml", "app: [\n")
		d.page.Wait("the error", `document.body.innerText.includes('manifest.yml:1:')`)
		d.page.Wait("the old title", `document.querySelector('h1').textContent === 'Second title'`)
		d.app.Save(d.t, "manifest.yml", app["manifest.yml"])
		d.page.Wait("the first title", `document.querySelector('h1').textContent === 'First title'`)
		d.page.Wait("no error", `!document.body.innerText.includes('manifest.yml:1:')`)
	})
}

// keepsTyped waits until the field has what was typed before the page was loaded again.
func (d *development) keepsTyped() {
	d.t.Helper()
	d.frame.Wait("what was typed", `document.getElementById('name')?.value === 'typed'`)
}

// TestStartWithErrors checks that the page says what does not build, and shows the app after the correction.
func TestStartWithErrors(t *testing.T) {
	d := develop(t, map[string]string{"frontend/main.go": "package main\n\nfunc main() {\n"})
	d.page.Wait("the error's place", `document.body.innerText.includes('main.go:4:1')`)
	d.app.Save(d.t, "frontend/main.go", app["frontend/main.go"])
	d.shows("words", "first words")
	d.page.Wait("no error", `!document.body.innerText.includes('main.go:4:1')`)
}

// TestManyWindows checks that twenty windows load the app's page again after a change of Go code, and can then call the
// backend. A browser opens six HTTP/1.1 connections to an origin.
func TestManyWindows(t *testing.T) {
	d := develop(t, nil)
	windows := []*development{d}
	for range 19 {
		page := d.page.OpenWindow(d.url)
		windows = append(windows, &development{t: t, page: page, frame: page.Iframe(apphost.AppOrigin(t, d.url))})
	}
	show := func(words string) {
		t.Helper()
		for _, w := range windows {
			w.shows("words", words)
		}
	}
	show("first words")
	for _, w := range windows {
		w.frame.Find("textbox", "Name").Fill("typed")
	}
	d.app.Change(d.t, "words/words.go", "first words", "second words")
	show("second words")
	for _, w := range windows {
		w.keepsTyped()
		if got := w.answer(); got != "first answer" {
			t.Errorf("the backend answers %q", got)
		}
	}
}
