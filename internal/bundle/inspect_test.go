package bundle

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Inspect compares a program with its sources by their times first, and then by a new build.
func TestInspect(t *testing.T) {
	dir := app(t, hello)
	o := Options{Dir: dir, Package: "./frontend", Out: "static"}
	inspect := func(want string) {
		t.Helper()
		var got []string
		for _, f := range Inspect(t.Context(), o) {
			got = append(got, f.Name+": "+f.Text)
			if f.Fix == "" {
				t.Errorf("no remedy for: %s", f.Text)
			}
		}
		if all := strings.Join(got, "\n"); want == "" && all != "" || !strings.Contains(all, want) || len(got) > 1 {
			t.Errorf("got %q, want %q", all, want)
		}
	}
	inspect("") // there is no program yet
	build(t, dir, false)
	inspect("")

	source := filepath.Join(dir, "frontend", "main.go")
	later := time.Now().Add(time.Hour)
	change := func(text string) {
		t.Helper()
		put(t, source, text)
		if err := os.Chtimes(source, later, later); err != nil {
			t.Fatal(err)
		}
	}
	change(hello) // It was only saved again.
	inspect("")
	change(strings.Replace(hello, "hello", "goodbye", 1))
	inspect("app.wasm: the program is older than its sources: ")
	change(hello + "broken")
	inspect("app.wasm: its sources have changed and do not build: ")
	change(hello)

	index := filepath.Join(dir, "static", Index)
	put(t, index, `<script src="forgego.js" data-program="app.wasm" data-worker></script>`)
	build(t, dir, false)
	if _, err := Build(t.Context(), Options{Dir: dir, Package: "frontend", Out: "static", Module: true}); err != nil {
		t.Fatal(err)
	}
	inspect("")
	for _, name := range []string{Script, Module, WorkerScript} {
		script := filepath.Join(dir, "static", name)
		text := string(get(t, dir, name))
		put(t, script, "// another version\n"+text)
		inspect(name + ": this is the script of another version of the compiler")
		put(t, script, text+" ")
		inspect(name + ": this is not the script of this version of forgego")
		put(t, script, tinyImport+text)
		inspect(name + ": Go made the program, but this is the script of TinyGo")
		put(t, script, text)
	}
	for _, name := range []string{MoreScript, PageScript} {
		script := filepath.Join(dir, "static", name)
		text := string(get(t, dir, name))
		put(t, script, "// another version\n"+text)
		inspect(name + ": this is not the script of this version of forgego")
		put(t, script, text)
	}
	for _, name := range []string{PageScript, WorkerScript} {
		script := filepath.Join(dir, "static", name)
		text := string(get(t, dir, name))
		if err := os.Remove(script); err != nil {
			t.Fatal(err)
		}
		inspect(name + ": the page has data-worker, and this file, which runs the program in a worker, is missing")
		put(t, script, text)
	}
	put(t, index, `<script src="forgego.js" data-program="app.wasm"></script>`)
	if err := errors.Join(os.Remove(filepath.Join(dir, "static", PageScript)), os.Remove(filepath.Join(dir, "static", WorkerScript))); err != nil {
		t.Fatal(err)
	}
	inspect("")
}

// Without the go command, or if it cannot list the sources, nobody knows whether the program is up to date. That is not an
// error of the program.
func TestInspectUnknownSources(t *testing.T) {
	dir := app(t, hello)
	o := Options{Dir: dir, Package: "./frontend", Out: "static"}
	build(t, dir, false)
	inspect := func(what, text, fix string) {
		t.Helper()
		got := Inspect(t.Context(), o)
		if len(got) != 1 || got[0].Name != Program || !got[0].Minor || !strings.Contains(got[0].Text, text) || !strings.Contains(got[0].Fix, fix) {
			t.Errorf("%s: got %+v, want a minor fault with %q and %q", what, got, text, fix)
		}
	}
	const unknown = "it is not known whether the program is older than its sources: "
	if err := os.Remove(filepath.Join(dir, "frontend", "go.mod")); err != nil {
		t.Fatal(err)
	}
	inspect("no go.mod", unknown+"go: ", "Correct this, and check again.")
	t.Setenv("PATH", t.TempDir())
	inspect("no go command", unknown+"the go command was not found", "Check again where Go is installed.")
}

func TestIsTiny(t *testing.T) {
	imports := func(module string) []byte {
		section := append([]byte{1, byte(len(module))}, module+"\x01f\x00\x00"...)
		return append(append([]byte(wasmHeader), 2, byte(len(section))), section...)
	}
	for _, c := range []struct {
		program []byte
		want    bool
	}{
		{imports(tinyImport), true},
		{imports("gojs"), false},
		{append(imports("gojs"), "\x00\x17\x16"+tinyImport...), false}, // a custom section
		{[]byte(wasmHeader), false},
		{append([]byte(wasmHeader), 2, 100), false},
	} {
		if got := isTiny(c.program); got != c.want {
			t.Errorf("isTiny(%q) = %v", c.program, got)
		}
	}
}
