package react

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/test/harness/exampleapp"
)

const example = "../../../examples/react"

// newExample returns a copy of examples/react, with a module of its own. forgego dev finds its development server on the port.
func newExample(t *testing.T) (a app, port string) {
	t.Helper()
	a = app(filepath.Join(t.TempDir(), "tasks"))
	if err := os.Mkdir(string(a), 0o700); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(example)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		from, to := filepath.Join(example, e.Name()), filepath.Join(string(a), e.Name())
		switch {
		case e.Name() == "node_modules" || e.Name() == "dist" || strings.HasPrefix(e.Name(), "tasks.db"):
		case e.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			var text []byte
			if text, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, text, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	linkPackages(t, example, string(a))
	a.module(t, "example.com/tasks")
	a.run(t, "forgego", "vite")
	a.change(t, "vite.config.js", "../../jsglue/vite/index.js", "./vite-plugin-forgego.js")
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(addr)
	a.change(t, "vite.config.js", "port: 5173", "port: "+port)
	a.change(t, "manifest.yml", "port: 5173", "port: "+port)
	return a, port
}

// TestExampleTypes checks that TypeScript accepts right calls of each function of the example and refuses wrong ones. It also
// checks that exports.d.ts in the repository is what forgego writes for the program today.
func TestExampleTypes(t *testing.T) {
	a, _ := newExample(t)
	const types = "src/logic/exports.d.ts"
	kept := a.read(t, types)
	a.run(t, "forgego", "types", "--ambient", "*/logic?go", "--out", types, "./src/logic")
	if now := a.read(t, types); now != kept {
		t.Errorf("examples/react/%s is old; the program has now\n%s", types, now)
	}
	calls, err := os.ReadFile("testdata/calls.ts")
	if err != nil {
		t.Fatal(err)
	}
	functions := regexp.MustCompile(`(?m)^  export function (\w+)\(`).FindAllStringSubmatch(kept, -1)
	if len(functions) < 10 {
		t.Errorf("there are %d functions in\n%s", len(functions), kept)
	}
	for _, f := range functions {
		if n := len(regexp.MustCompile(`\b`+f[1]+`\(`).FindAllString(string(calls), -1)); n < 2 {
			t.Errorf("testdata/calls.ts calls %s %d times, want a right and a wrong call", f[1], n)
		}
	}
	a.write(t, "src/calls.ts", string(calls))
	a.run(t, "node_modules/.bin/tsc", "-p", ".")
	a.write(t, "src/calls.ts", strings.Replace(string(calls), "// @ts-expect-error", "", 1))
	if out, err := a.command(t, "node_modules/.bin/tsc", "-p", ".").CombinedOutput(); err == nil || !strings.Contains(string(out), "error TS2345") {
		t.Errorf("a wrong call compiles: %v\n%s", err, out)
	}
}

// TestExample builds the example and does what it is for, in two windows: tasks by each of the three ways, live changes, a name
// that is refused, Undo, and the themes. It is an essential test, which runs in each browser.
func TestExample(t *testing.T) {
	a, _ := newExample(t)
	a.run(t, "npm", "run", "build")
	if found := a.output(t, "forgego", "check"); found != "No problems found.\n" {
		t.Errorf("forgego check prints\n%s", found)
	}
	dev, _, _ := develop(t, a, "--no-build")
	mainJob(t, exampleapp.Open(t, shared, dev.URL), exampleapp.Open(t, shared, dev.URL))
}

// TestExampleWithVite does the same on Vite's server, and then saves a Go file: React keeps its state.
func TestExampleWithVite(t *testing.T) {
	a, _ := newExample(t)
	dev, _, _ := develop(t, a)
	window := exampleapp.Open(t, shared, dev.URL)
	mainJob(t, window, exampleapp.Open(t, shared, dev.URL))
	window.Find("textbox", "Task name").Fill("typed")
	window.Eval(`globalThis.notReloaded = true`, nil)
	a.change(t, "src/logic/main_js.go", "setting := ", "println(\"the new program\")\n\tsetting := ")
	window.Wait("the tasks by the new program", `document.querySelector("[role=status]")?.textContent.startsWith("Loaded ") && globalThis.notReloaded`)
	if got := window.Find("textbox", "Task name").Value(); got != "typed" {
		t.Errorf("the field has %q after the replacement", got)
	}
}

func mainJob(t *testing.T, a, b exampleapp.App) {
	t.Helper()
	for _, window := range []exampleapp.App{a, b} {
		window.Ready()
		window.IsLive()
	}
	var names []string
	for _, way := range []string{"requestRemote", "invokeRemote", "direct"} {
		a.KeepAndDrop(way)
		a.Page.Find("button", "Dismiss").Click() // the flag would cover the list
		a.Page.Wait("no flag", `!document.querySelector(".flag")`)
		names = append(names, "Keep "+way)
		b.Wait("the task of the other window", list(names))
	}
	// The style sheet of the components makes the body as high as the window.
	a.Wait("a frame as high as the page", `document.body.scrollHeight <= innerHeight && innerHeight > 200`)
	a.Find("textbox", "Task name").Fill("")
	a.Find("button", "Add task").Click()
	a.Wait("what is wrong with the name", `document.getElementById("name-problem")?.textContent === "A task needs a name."`)

	b.Find("button", "Delete Keep invokeRemote").Click()
	a.Wait("two tasks", list([]string{names[0], names[2]}))
	b.Page.Wait("the flag", `document.querySelector(".flag")?.textContent.includes("Deleted “Keep invokeRemote”")`)
	b.Page.Find("button", "Undo").Click()
	a.Wait("the task that is back", list(names))

	for _, mode := range []string{"dark", "light"} {
		a.Page.Find("combobox", "Theme").Choose(mode)
		a.Wait("the theme "+mode, fmt.Sprintf(`document.documentElement.dataset.colorMode === %q`, mode))
		a.Wait("the end of the transitions", `document.getAnimations().length === 0`)
		picture(t, a.Page, "example-"+mode)
		if found := a.Axe("../../node_modules/axe-core/axe.min.js"); found != "" {
			t.Errorf("axe, %s: %s", mode, found)
		}
	}
	a.Page.Quiet()
	b.Page.Quiet()
}

// list is a condition: the list has tasks of these names.
func list(names []string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#tasks label")].map((e) => e.innerText.trim()).join() === %q`, strings.Join(names, ","))
}
