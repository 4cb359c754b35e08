package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModule(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	out := filepath.Join(t.TempDir(), "a", "b")
	c := start(t, "", "module", "--out", out, filepath.Join(dir, "frontend"))
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d, want 0; output:\n%s", status, c.stderr)
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "app.wasm forgego.module.d.ts forgego.module.js forgego.more.js forgego.page.js forgego.worker.js"; got != want {
		t.Errorf("the folder has %s, want %s", got, want)
	}
	module, err := os.ReadFile(filepath.Join(out, "forgego.module.js"))
	if err != nil || !strings.Contains(string(module), "export{") || strings.Contains(string(module), "currentScript)?.dataset") {
		t.Errorf("the module is no ES module: %v\n%s", err, module)
	}
}

func TestModuleFails(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	write(t, filepath.Join(dir, "wrong", "main.go"), "package main\n\nfunc main() { x }\n")
	write(t, filepath.Join(dir, "wrong", "go.mod"), "module example.com/wrong\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "library", "main.go"), "package library\n")
	write(t, filepath.Join(dir, "library", "go.mod"), "module example.com/library\n\ngo 1.26\n")
	for folder, want := range map[string]string{
		"wrong":   "main.go:3:15: undefined: x",
		"library": "this is package library, but a front end must be package main with a func main",
		"missing": "there is no such folder",
	} {
		c := start(t, "", "module", "--out", filepath.Join(dir, "out"), filepath.Join(dir, folder))
		if status := c.wait(); status != 1 || !strings.Contains(c.stderr.String(), want) {
			t.Errorf("%s: exit status %d, output:\n%s\nwant 1 and %q", folder, status, c.stderr, want)
		}
	}
}

// TestModuleJSON checks what a bundler gets, also for a program that does not build.
func TestModuleJSON(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	frontend := filepath.Join(dir, "frontend")
	for text, want := range map[string]struct {
		status int
		errors string
	}{
		"package main\n\nfunc main() { x }\n": {1, "main.go:3:15: undefined: x"},
		"package main\n\nfunc main() {}\n":    {1, "the program exports no function: call wasm.ExportFunc"},
	} {
		write(t, filepath.Join(frontend, "main.go"), text)
		c := start(t, "", "module", "--json", "--out", filepath.Join(dir, "out"), frontend)
		status := c.wait()
		if status != want.status || !strings.Contains(c.stderr.String(), want.errors) {
			t.Errorf("exit status %d, output:\n%s", status, c.stderr)
		}
	}
}

// TestTypes checks the command; package typescript tests what it writes.
func TestTypes(t *testing.T) {
	t.Parallel()
	const program = "../../internal/typescript/testdata/program"
	out := filepath.Join(t.TempDir(), "exports.d.ts")
	c := start(t, "", "types", "--out", out, program)
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d, output:\n%s", status, c.stderr)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(program, "exports.d.ts"))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v: got\n%s", err, got)
	}
	failing := start(t, "", "types", goApp(t))
	if status := failing.wait(); status != 1 || !strings.Contains(failing.stderr.String(), "go.mod file not found") {
		t.Errorf("exit status %d, output:\n%s", status, failing.stderr)
	}
}

func TestVite(t *testing.T) {
	t.Parallel()
	for name, types := range map[string]string{"plugin.js": "plugin.d.ts", "plugin.mjs": "plugin.d.mts"} {
		dir := t.TempDir()
		c := start(t, "", "vite", "--out", filepath.Join(dir, name))
		if status := c.wait(); status != 0 {
			t.Fatalf("exit status %d, output:\n%s", status, c.stderr)
		}
		for file, want := range map[string]string{name: "export default function forgego(", types: "forgego(options?: Options): Plugin;"} {
			if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(text), want) {
				t.Errorf("%s: %v: %s", file, err, text)
			}
		}
	}
}
