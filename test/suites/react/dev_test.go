package react

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

const manifest = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:globalPage:
    - {key: page, title: Words, resource: main}
`

// settings writes manifest.yml and forgego.yml of the guide, with another port.
func (a app) settings(t *testing.T, port string) {
	t.Helper()
	a.write(t, "manifest.yml", manifest+strings.Replace(block(t, "yaml", "resources:"), "5173", port, 1))
	a.write(t, "forgego.yml", block(t, "yaml", "frontends:"))
}

// newDevApp returns an app whose Vite is started by forgego dev, at an address.
func newDevApp(t *testing.T) (a app, addr string) {
	t.Helper()
	a = newApp(t)
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	a.settings(t, port)
	a.write(t, "package.json", `{"private": true, "type": "module", "scripts": {"dev": "vite --port `+port+` --strictPort"}, "dependencies": {"react": "*"}}`)
	return a, addr
}

// develop runs forgego dev with flags in an app's folder until the test ends, and opens its page. It returns the product's page and
// the app's page in it.
func develop(t *testing.T, a app, flags ...string) (dev *command.Process, page *browser.Page, frame *browser.Frame) {
	t.Helper()
	dev = command.Start(t, a.command(t, "forgego", append([]string{"dev", "--addr", "127.0.0.1:0"}, flags...)...))
	page = shared.Open(t, dev.URL)
	page.Wait("the app's frame", `document.querySelector("iframe")`)
	return dev, page, page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`))
}

// TestForgegoDev checks that forgego dev starts Vite by the command of forgego.yml and shows its page, that a saved Go file
// replaces the program while React keeps its state, that Vite's overlay can be read under the policy, and that Vite ends with
// forgego.
func TestForgegoDev(t *testing.T) {
	a, addr := newDevApp(t)
	_, port, _ := net.SplitHostPort(addr)
	dev, page, frame := develop(t, a)
	frame.Find("textbox", "Text").Fill("one two")
	frame.Find("button", "Summarize").Click()
	const shows = `document.body.innerText.includes(%q)`
	frame.Wait("the summary", fmt.Sprintf(shows, "2 words, the longest is “one”: short"))
	if log := dev.Log.String(); !strings.Contains(log, "main │ ") || !strings.Contains(log, "ready at http://localhost:"+port) {
		t.Errorf("forgego dev printed\n%s", log)
	}

	const logic = "src/logic/main_js.go"
	frame.Eval(`globalThis.notReloaded = true`, nil)
	a.change(t, logic, "len(words) > 3", "len(words) > 1")
	frame.Wait("the new program", `(document.querySelector("button").click(), `+fmt.Sprintf(shows, "“one”: long")+`)`)
	if got := frame.Find("textbox", "Text").Value(); got != "one two" {
		t.Errorf("the field has %q after the replacement", got)
	}
	frame.Wait("the page, which was not loaded again", `globalThis.notReloaded`)

	a.change(t, logic, "s.Verdict = Long", "s.Verdict = Loong")
	const overlay = `document.querySelector('vite-error-overlay')?.shadowRoot.querySelector('.backdrop, .window')`
	frame.Wait("the overlay", overlay)
	if got := frame.String(`getComputedStyle(document.querySelector('vite-error-overlay')).position`); got != "fixed" {
		t.Errorf("the overlay has the position %q, so it has no styles", got)
	}
	a.change(t, logic, "s.Verdict = Loong", "s.Verdict = Long")
	frame.Wait("no overlay", `!document.querySelector('vite-error-overlay')`)
	page.Quiet()

	dev.Stop()
	if !supervise.IsFree(addr) {
		t.Error("Vite still listens after forgego dev has ended")
	}
}

// TestForgegoDevForWorker checks that Vite's page runs its program in a worker under the policy too.
func TestForgegoDevForWorker(t *testing.T) {
	a, _ := newDevApp(t)
	a.change(t, "vite.config.js", "forgego()", "forgego({ worker: true })")
	_, page, frame := develop(t, a)
	frame.Find("textbox", "Text").Fill("one two")
	frame.Find("button", "Summarize").Click()
	frame.Wait("the summary", `document.body.innerText.includes("2 words, the longest is “one”: short")`)
	frame.Wait("what runs a program in a worker", `performance.getEntriesByType("resource").some(({ name }) => name.includes("forgego.page"))`)
	page.Quiet()
}

// TestForgegoDevBeforeAPageIsOpen checks that Vite builds the program when it starts: it writes the types, and the terminal has what
// the compiler says about a saved mistake.
func TestForgegoDevBeforeAPageIsOpen(t *testing.T) {
	a, _ := newDevApp(t)
	dev := command.Start(t, a.command(t, "forgego", "dev", "--addr", "127.0.0.1:0"))
	dev.Log.Wait(t, "[vite] wrote src/logic/exports.d.ts")
	if types := a.read(t, "src/logic/exports.d.ts"); !strings.Contains(types, "export function summarize(") {
		t.Errorf("exports.d.ts is\n%s", types)
	}
	a.change(t, "src/logic/main_js.go", "s.Verdict = Long", "s.Verdict = Loong")
	dev.Log.Wait(t, "main_js.go:46:15: undefined: Loong")
	if log := dev.Log.String(); !strings.Contains(log, "[vite] "+filepath.Join(string(a), "src", "logic")+" does not build") {
		t.Errorf("forgego dev printed\n%s", log)
	}
}

// TestForgegoDevWithoutPackages checks what the page shows until the npm packages are installed.
func TestForgegoDevWithoutPackages(t *testing.T) {
	a := newApp(t)
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	packages, elsewhere := filepath.Join(string(a), "node_modules"), filepath.Join(t.TempDir(), "node_modules")
	if err := os.Rename(packages, elsewhere); err != nil {
		t.Fatal(err)
	}
	a.settings(t, port)
	a.change(t, "forgego.yml", "[npm, run, dev]", "[npx, vite, --port, "+port+", --strictPort]")
	a.write(t, "package.json", `{"private": true, "type": "module", "dependencies": {"react": "*"}}`)
	dev := command.Start(t, a.command(t, "forgego", "dev", "--addr", "127.0.0.1:0"))
	page := shared.Open(t, dev.URL)
	page.Wait("what is missing", `document.body.innerText.includes("The npm packages are not installed.") && document.body.innerText.includes("Run npm install in ")`)
	if log := dev.Log.String(); !strings.Contains(log, "The npm packages are not installed.\nRun npm install in "+string(a)) {
		t.Errorf("forgego dev printed\n%s", log)
	}
	if err := os.Rename(elsewhere, packages); err != nil {
		t.Fatal(err)
	}
	page.Wait("no problem", `!document.body.innerText.includes("The npm packages are not installed.")`)
	frame := page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`))
	frame.Wait("the app", `document.querySelector("main")`)
}
