package react

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/testlog"
)

// blocks returns the blocks of code in docs/react.md in one language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/react.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, b := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1) {
		all = append(all, string(b[1]))
	}
	return all
}

// block returns the block with a text in it.
func block(t *testing.T, language, with string) string {
	t.Helper()
	for _, b := range blocks(t, language) {
		if strings.Contains(b, with) {
			return b
		}
	}
	t.Fatalf("docs/react.md has no block of %s with %q", language, with)
	return ""
}

// TestGuideIsRun checks that the tests of this package run each block of docs/react.md.
func TestGuideIsRun(t *testing.T) {
	for language, n := range map[string]int{"sh": 9, "go": 1, "ts": 1, "tsx": 1, "js": 2, "yaml": 2} {
		if all := blocks(t, language); len(all) != n {
			t.Errorf("there are %d blocks of %s, and the tests run %d", len(all), language, n)
		}
	}
	// The line about signals is that of main.js, which TestRecipes runs.
	if line := block(t, "js", "const summary"); !strings.Contains(block(t, "js", "import { load }"), line) {
		t.Errorf("main.js does not have\n%s", line)
	}
}

// TestGuide makes a project by npm create vite, and follows docs/react.md word for word to the first Go function. The packages come
// from test/react, and forgego from this clone.
func TestGuide(t *testing.T) {
	a := app(t.TempDir())
	for line := range strings.Lines(block(t, "sh", "npm create vite")) {
		switch words := strings.Fields(line); {
		case strings.HasPrefix(line, "npm create vite@latest "):
			create, err := filepath.Abs("../../react/node_modules/create-vite/index.js")
			if err != nil {
				t.Fatal(err)
			}
			folder, options, _ := strings.Cut(strings.Join(words[3:], " "), " -- ") // npm passes on what follows
			a.run(t, "node", append([]string{create, folder, "--no-interactive"}, strings.Fields(options)...)...)
		case words[0] == "cd":
			a = app(filepath.Join(string(a), words[1]))
		case line == "npm install\n":
			a.link(t)
		default:
			a.run(t, words[0], words[1:]...)
		}
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	a.run(t, "go", "mod", "edit", "-replace", "github.com/forgego/forgego="+root)
	a.replace(t, "vite.config.ts", block(t, "ts", "defineConfig"))
	if err := os.Mkdir(filepath.Join(string(a), "src", "logic"), 0o700); err != nil {
		t.Fatal(err)
	}
	a.write(t, "src/logic/main_js.go", block(t, "go", "package main"))
	a.replace(t, "src/App.tsx", block(t, "tsx", "function App"))
	a.shell(t, block(t, "sh", "go mod tidy"))

	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	dev := a.command(t, "sh", "-c", "exec "+strings.TrimSpace(block(t, "sh", "npm run dev"))+" -- --host 127.0.0.1 --port "+port+" --strictPort")
	output := &testlog.Log{}
	server, err := supervise.Start(supervise.Spec{Name: "vite", Command: dev.Args, Dir: dev.Dir, Env: dev.Env, Addr: addr}, supervise.NewOutput(output))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	if err := server.Ready(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	p := shared.Open(t, "http://"+addr)
	summarize(t, p, "one two", "2 words, the longest is one")
	summarize(t, p, "", "write something first")
	p.Find("textbox", "Text").Fill("three four")
	a.change(t, "src/logic/main_js.go", "Words: len(words)", "Words: 10 * len(words)")
	p.Wait("the new program", `(document.querySelector("button").click(), document.body.innerText.includes("20 words, the longest is three"))`)
	server.Stop()

	a.shell(t, block(t, "sh", "npm run build"))
	p = a.serve(t, "dist")
	summarize(t, p, "one two", "20 words, the longest is one")
}

// replace replaces a file that must exist.
func (a app) replace(t *testing.T, name, text string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(string(a), name)); err != nil {
		t.Fatal(err)
	}
	a.write(t, name, text)
}

// TestRecipes builds and runs main.js of docs/react.md by the commands there, with each bundler and without one, with the
// program in the page and in a worker.
func TestRecipes(t *testing.T) {
	for _, c := range []struct{ name, folder, script string }{
		{"no bundler", ".", `<script type="module" src="main.js"></script>`},
		{"esbuild", "dist", `<script type="module" src="main.js"></script>`},
		{"rollup", "dist", `<script type="module" src="main.js"></script>`},
		{"webpack", "dist", `<script src="main.js" defer></script>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newApp(t)
			a.write(t, "main.js", block(t, "js", "import { load }"))
			a.shell(t, block(t, "sh", "forgego module"))
			if c.folder == "dist" {
				a.shell(t, block(t, "sh", c.name+" "))
			}
			a.write(t, c.folder+"/index.html", "<!doctype html><html lang=en><title>App</title><link rel=icon href=data:,><body>"+c.script)
			p := a.serve(t, c.folder)
			p.Wait("the result", `document.body.innerText === 'one 2'`)

			code := block(t, "js", "import { load }")
			inWorker := strings.Replace(code, "import.meta.url))", "import.meta.url), { worker: true })", 1)
			if inWorker == code {
				t.Fatalf("main.js does not load the program:\n%s", code)
			}
			a.write(t, "main.js", inWorker+"document.title = 'worker';\n")
			if c.folder == "dist" {
				a.shell(t, block(t, "sh", c.name+" "))
			}
			if c.name == "esbuild" || c.name == "rollup" {
				a.shell(t, "cp go/forgego.worker.js dist/")
			}
			p = a.serve(t, c.folder)
			p.Wait("the result of the worker", `document.title === 'worker' && document.body.innerText === 'one 2'`)
		})
	}
}

// shell runs commands of the guide.
func (a app) shell(t *testing.T, commands string) {
	t.Helper()
	cmd := a.command(t, "sh", "-ec", commands)
	tools, err := filepath.Abs("../../node_modules/.bin") // esbuild
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "PATH="+bin+":"+filepath.Join(string(a), "node_modules", ".bin")+":"+tools+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, commands, out)
	}
}
