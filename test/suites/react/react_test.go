// Package react tests Go programs in pages that are written in JavaScript: the plugin for Vite with React, and the recipes of
// docs/react.md for other bundlers.
//
// Run it from the folder test/; make setup must have been run:
//
//	go test -count=1 ./suites/react
//
// With -args -pictures DIR it saves pictures of the pages.
package react

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
	"github.com/forgego/forgego/test/harness/program"
)

// All tests share one browser, and the command forgego in the folder bin.
var (
	shared   *browser.Browser
	bin      string
	pictures = flag.String("pictures", "", "save pictures of the pages in this folder")
)

func TestMain(m *testing.M) {
	apphost.Main(m, &shared, func(dir string) error {
		bin = dir
		_, err := command.Build(dir)
		return err
	}, "TestExample")
}

// app is a copy of programs/react, with a module of its own.
type app string

func newApp(t *testing.T) app {
	t.Helper()
	dir := t.TempDir()
	source, err := program.Dir("react")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	a := app(dir)
	a.module(t, "example.com/words")
	a.write(t, "package.json", `{"private":true,"type":"module"}`)
	a.link(t)
	a.run(t, "forgego", "vite")
	return a
}

// module makes the app a module that uses this clone.
func (a app) module(t *testing.T, path string) {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	a.write(t, "go.sum", string(sum))
	a.write(t, "go.mod", "module "+path+"\n\ngo 1.26\n\nrequire github.com/forgego/forgego v0.0.0\n\nreplace github.com/forgego/forgego => "+root+"\n")
}

// link links the npm packages of test/react into the app. The app gets its own node_modules, because tools write into it.
func (a app) link(t *testing.T) { linkPackages(t, "../../react", string(a)) }

// linkPackages links the packages that are installed in a folder into another.
func linkPackages(t *testing.T, from, to string) {
	t.Helper()
	packages, err := filepath.Abs(filepath.Join(from, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	installed, err := os.ReadDir(packages)
	if err != nil {
		t.Fatalf("%v: run make setup", err)
	}
	to = filepath.Join(to, "node_modules")
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, e := range installed {
		if name := e.Name(); name == ".bin" || name == ".package-lock.json" || !strings.HasPrefix(name, ".") {
			if err := os.Symlink(filepath.Join(packages, name), filepath.Join(to, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (a app) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(string(a), filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// change replaces a text in a file.
func (a app) change(t *testing.T, name, old, text string) {
	t.Helper()
	before := a.read(t, name)
	if !strings.Contains(before, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	a.write(t, name, strings.Replace(before, old, text, 1))
}

func (a app) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(string(a), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// command returns a command that runs in the app's folder, with the command forgego in PATH.
func (a app) command(t *testing.T, name string, args ...string) *exec.Cmd {
	if name == "forgego" {
		name = filepath.Join(bin, name)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = string(a)
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return cmd
}

func (a app) run(t *testing.T, name string, args ...string) {
	t.Helper()
	_ = a.output(t, name, args...)
}

// output runs a command that must succeed, and returns what it prints.
func (a app) output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := a.command(t, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// script copies a script of testdata into the app and returns the command that runs it.
func (a app) script(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	a.write(t, name, string(text))
	return a.command(t, "node", name)
}

// policy is the part of Forge's policy that matters here, for an app with unsafe-eval.
const policy = "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:"

// serve serves a folder of the app below a path, under Forge's policy, and opens it.
func (a app) serve(t *testing.T, folder string) *browser.Page {
	t.Helper()
	released := make(chan struct{})
	close(released)
	return a.serveWhen(t, folder, released)
}

// serveWhen is serve with a server that sends no program before release is closed.
func (a app) serveWhen(t *testing.T, folder string, release <-chan struct{}) *browser.Page {
	t.Helper()
	const path = "/cdn/app/main/"
	files := http.StripPrefix(path, http.FileServer(http.Dir(filepath.Join(string(a), folder))))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if strings.HasSuffix(r.URL.Path, ".wasm") || strings.HasSuffix(r.URL.Path, ".wasm.gz") {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return shared.Open(t, server.URL+path)
}

// summarize enters a text and waits for what the page shows about it.
func summarize(t *testing.T, p *browser.Page, text, want string) {
	t.Helper()
	p.Find("textbox", "Text").Fill(text)
	p.Find("button", "Summarize").Click()
	p.Wait(want, `document.body.innerText.includes(`+"`"+want+"`"+`)`)
}

func TestViteBuild(t *testing.T) {
	a := newApp(t)
	if out, err := a.script(t, "build.mjs").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	a.run(t, "node_modules/.bin/tsc", "-p", ".")
	p := a.serve(t, "dist")
	summarize(t, p, "one two", "2 words, the longest is “one”: short")
	summarize(t, p, "one two three four", "4 words, the longest is “three”: long")
	summarize(t, p, "", "write something first")
	var loaded []string
	p.Eval(`performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes(".wasm"))`, &loaded)
	if len(loaded) != 1 || !strings.HasSuffix(loaded[0], ".wasm.gz") {
		t.Errorf("the page has loaded %q, want the compressed program", loaded)
	}

	// A call before the program runs waits for it.
	release := make(chan struct{})
	p = a.serveWhen(t, "dist", release)
	p.Find("textbox", "Text").Fill("one two")
	p.Find("button", "Summarize").Click()
	if text := p.Text(); strings.Contains(text, "2 words") {
		t.Errorf("there is a result without a program: %s", text)
	}
	close(release)
	p.Wait("the result", `document.body.innerText.includes('2 words, the longest is “one”')`)
}

// TestViteBuildForWorker builds the app with its program in a worker.
func TestViteBuildForWorker(t *testing.T) {
	a := newApp(t)
	a.change(t, "vite.config.js", "forgego()", "forgego({ worker: true })")
	if out, err := a.script(t, "build.mjs").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := a.serve(t, "dist")
	summarize(t, p, "one two", "2 words, the longest is “one”: short")
	summarize(t, p, "", "write something first")
	var loaded bool
	p.Eval(`performance.getEntriesByType('resource').some(({ name }) => name.includes('forgego.page'))`, &loaded)
	if !loaded {
		t.Error("the page has not loaded what runs a program in a worker")
	}
}

// TestViteBuildFails checks that a build with a mistake in the program ends with the compiler's text.
func TestViteBuildFails(t *testing.T) {
	a := newApp(t)
	a.change(t, "src/logic/main_js.go", "s.Verdict = Long", "s.Verdict = Loong")
	out, err := a.script(t, "build.mjs").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "main_js.go:46:15: undefined: Loong") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestWrongCallDoesNotCompile checks that TypeScript refuses a wrong call of a Go function.
func TestWrongCallDoesNotCompile(t *testing.T) {
	a := newApp(t)
	a.run(t, "forgego", "types", "--ambient", "*/logic?go", "--out", "src/logic/exports.d.ts", "./src/logic")
	a.run(t, "node_modules/.bin/tsc", "-p", ".")
	a.change(t, "src/App.tsx", "summarize({ text })", "summarize({ txt: text })")
	out, err := a.command(t, "node_modules/.bin/tsc", "-p", ".").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "error TS2561") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestViteDev checks that a saved Go file replaces the program in an open page, whose state is kept, and that a mistake is in
// Vite's overlay.
func TestViteDev(t *testing.T) { testViteDev(t, newApp(t)) }

// TestViteDevForWorker does the same with the program in a worker.
func TestViteDevForWorker(t *testing.T) {
	a := newApp(t)
	a.change(t, "vite.config.js", "forgego()", "forgego({ worker: true })")
	p := testViteDev(t, a)
	var loaded int
	p.Eval(`performance.getEntriesByType('resource').filter(({ name }) => name.includes('forgego.page')).length`, &loaded)
	if loaded == 0 {
		t.Error("the page has not loaded what runs a program in a worker")
	}
}

func testViteDev(t *testing.T, a app) *browser.Page {
	t.Helper()
	const logic = "src/logic/main_js.go"
	vite := command.Start(t, a.script(t, "serve.mjs"))
	p := shared.Open(t, vite.URL)
	summarize(t, p, "one two", "2 words, the longest is “one”: short")
	p.Eval(`globalThis.notReloaded = true`, nil)
	p.Find("button", "Wait").Click()

	// A mistake that is undone, before any other change, leaves the program and its calls as they are.
	const overlay = `document.querySelector('vite-error-overlay')?.shadowRoot.textContent`
	a.change(t, logic, "s.Verdict = Long", "s.Verdict = Lang")
	p.Wait("the first mistake in the overlay", overlay+`?.includes('undefined: Lang')`)
	a.change(t, logic, "s.Verdict = Lang", "s.Verdict = Long")
	p.Wait("no overlay", overlay+` === undefined`)
	if text := p.Text(); strings.Contains(text, "replaced") {
		t.Errorf("the program was replaced by itself: %s", text)
	}

	a.change(t, logic, "len(words) > 3", "len(words) > 1")
	p.Wait("the end of the running call", `document.body.innerText.includes('The program was replaced by a newer one.')`)
	if got := p.Find("textbox", "Text").Value(); got != "one two" {
		t.Errorf("the field has %q after the replacement", got)
	}
	p.Find("button", "Summarize").Click()
	p.Wait("the new program", `document.body.innerText.includes('“one”: long')`)

	a.change(t, logic, "s.Verdict = Long", "s.Verdict = Loong")
	p.Wait("the compiler's text in the overlay", overlay+`?.includes('main_js.go:46:15: undefined: Loong')`)

	p.Eval(`document.querySelector('vite-error-overlay').close()`, nil) // it covers the page, which still works
	p.Find("button", "Wait").Click()
	a.change(t, logic, "s.Verdict = Loong", `s.Verdict = "very long"`)
	p.Wait("the newest program", `document.body.innerText.includes('The program was replaced by a newer one.')`)
	p.Find("button", "Summarize").Click()
	p.Wait("the newest program", `document.body.innerText.includes('“one”: very long')`)
	var kept bool
	if p.Eval(`globalThis.notReloaded === true`, &kept); !kept {
		t.Error("the page was reloaded")
	}
	return p
}
