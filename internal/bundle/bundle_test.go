package bundle

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const hello = `package main

func main() { println("hello") }
`

// app makes an app whose front end is its own module without dependencies.
func app(t *testing.T, program string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	put(t, filepath.Join(dir, "frontend", "go.mod"), "module example.com/frontend\n\ngo 1.26\n")
	put(t, filepath.Join(dir, "frontend", "main.go"), program)
	return dir
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "static", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func stat(t *testing.T, dir, name string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "static", name))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func build(t *testing.T, dir string, compress bool) (written []string) {
	t.Helper()
	files, err := Build(t.Context(), Options{Dir: dir, Package: "./frontend", Out: "static", Title: "Tasks & more", Gzip: compress, Brotli: compress, fast: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Removed {
			if _, err := os.Stat(filepath.Join(dir, "static", f.Name)); err == nil || f.Written || f.Size != 0 {
				t.Errorf("Build returned %+v, but the file exists or has values set (%v)", f, err)
			}
			written = append(written, "not "+f.Name)
			continue
		}
		if size := len(get(t, dir, f.Name)); size != f.Size || !slices.Contains(Files, f.Name) {
			t.Errorf("Build returned %+v, but the file has %d bytes", f, size)
		}
		if f.Written {
			written = append(written, f.Name)
		}
	}
	return written
}

func TestBuild(t *testing.T) {
	dir := app(t, hello)
	if got, want := build(t, dir, false), []string{Program, Script, Index}; !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, want %v", got, want)
	}
	if !bytes.HasPrefix(get(t, dir, Program), []byte("\x00asm")) {
		t.Error("app.wasm is not WebAssembly")
	}
	script := get(t, dir, Script)
	if !bytes.HasPrefix(script, []byte("// Copyright 2018 The Go Authors.")) || !bytes.Contains(script, []byte("globalThis.Go=class")) {
		t.Errorf("forgego.js does not start with the copyright line and code of Go's wasm_exec.js: %.300s", script)
	}
	if _, _, err := ScriptParts(script); err != nil {
		t.Error(err)
	}
	index := string(get(t, dir, Index))
	for _, want := range []string{
		`<html lang="en">`, `name="viewport"`, "<title>Tasks &amp; more</title>", `<div id="app"></div>`,
		`<link rel="preload" href="app.wasm" as="fetch" fetchpriority="high">`,
		`<script src="forgego.js" data-program="app.wasm" defer fetchpriority="high"></script>`,
	} {
		if !strings.Contains(index, want) {
			t.Errorf("index.html does not contain %s:\n%s", want, index)
		}
	}

	before := stat(t, dir, Program)
	if got := build(t, dir, false); got != nil || !os.SameFile(before, stat(t, dir, Program)) {
		t.Errorf("a build without changes wrote %v, or replaced app.wasm", got)
	}
	put(t, filepath.Join(dir, "frontend", "main.go"), strings.Replace(hello, "hello", "good evening", 1))
	if got := build(t, dir, false); !reflect.DeepEqual(got, []string{Program}) {
		t.Errorf("a build of a changed program wrote %v, want only app.wasm", got)
	}
	left, err := filepath.Glob(filepath.Join(dir, "static", ".*"))
	if err != nil || left != nil {
		t.Errorf("the folder contains temporary files: %v (%v)", left, err)
	}
}

func TestBuildKeepsOwnIndex(t *testing.T) {
	dir := app(t, hello)
	const own = "<!doctype html><title>Mine</title>"
	put(t, filepath.Join(dir, "static", Index), own)
	build(t, dir, true)
	if got := string(get(t, dir, Index)); got != own {
		t.Errorf("got %s", got)
	}
	if LoadsGzip(filepath.Join(dir, "static")) {
		t.Error("LoadsGzip = true, want false")
	}
}

func TestBuildErrors(t *testing.T) {
	compiler := func(lines ...string) func(*testing.T, string, error) {
		return func(t *testing.T, dir string, err error) {
			e, ok := errors.AsType[*CompileError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			for _, line := range lines {
				if !strings.Contains(e.Error(), filepath.Join(dir, "frontend", line)) {
					t.Errorf("the error does not contain the place %s:\n%v", line, e)
				}
			}
		}
	}
	is := func(want error) func(*testing.T, string, error) {
		return func(t *testing.T, _ string, err error) {
			if !errors.Is(err, want) || !strings.Contains(err.Error(), "frontend") {
				t.Errorf("got %v, want %v", err, want)
			}
		}
	}
	for _, c := range []struct {
		name, program string
		check         func(*testing.T, string, error)
	}{
		{"library", "package frontend\n\nfunc Main() {}\n", is(ErrNotMain)},
		{"type error", "package main\n\nfunc main() {\n\tvar x int = \"1\"\n\ty()\n}\n", compiler("main.go:4:14: ", "main.go:5:2: undefined: y")},
		{"syntax error", "package main\n\nfunc main() {\n", compiler("main.go:4:1: ")},
		{"unknown import", "package main\n\nimport \"example.com/nowhere\"\n\nfunc main() { nowhere.X() }\n", compiler("main.go:3:8: ")},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, c.program)
			t.Setenv("GOFLAGS", "-mod=mod")
			t.Setenv("GOPROXY", "off")
			files, err := Build(t.Context(), Options{Dir: dir, Package: "frontend", Out: "static"})
			if err == nil || files != nil {
				t.Fatalf("Build = %v, %v; want no files and an error", files, err)
			}
			c.check(t, dir, err)
			if _, err := os.Stat(filepath.Join(dir, "static")); err == nil {
				t.Error("a failed build created the resource's folder")
			}
		})
	}
}

func TestBuildWithoutFolder(t *testing.T) {
	dir := app(t, hello)
	_, err := Build(t.Context(), Options{Dir: dir, Package: "moved", Out: "static"})
	if want := "there is no such folder: " + filepath.Join(dir, "moved"); !errors.Is(err, ErrNoFolder) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestBuildWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Build(t.Context(), Options{Dir: app(t, hello), Package: "frontend", Out: "static"}); !errors.Is(err, ErrNoGo) {
		t.Errorf("got %v, want %v", err, ErrNoGo)
	}
}

func TestBuildCancelled(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := Build(ctx, Options{Dir: app(t, hello), Package: "frontend", Out: "static"}); !errors.Is(err, why) {
		t.Errorf("got %v, want %v", err, why)
	}
}

func TestReadWasmExec(t *testing.T) {
	root := t.TempDir()
	if _, err := readWasmExec(root); !errors.Is(err, ErrNoWasmExec) {
		t.Errorf("empty: %v", err)
	}
	put(t, filepath.Join(root, "misc", "wasm", wasmExecName), "old")
	if got, err := readWasmExec(root); string(got) != "old" {
		t.Errorf("misc: %s, %v", got, err)
	}
	put(t, filepath.Join(root, "lib", "wasm", wasmExecName), "new")
	if got, err := readWasmExec(root); string(got) != "new" {
		t.Errorf("lib: %s, %v", got, err)
	}
}

func TestRelocate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "frontend")
	put(t, filepath.Join(dir, "main.go"), "")
	put(t, filepath.Join(dir, "..", "tasks", "list.go"), "")
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct{ name, text, want string }{
		{"dot", "# example.com/frontend\n./main.go:3:5: x", "# example.com/frontend\n" + at("main.go") + ":3:5: x"},
		{"bare", "main.go:3:5: x", at("main.go") + ":3:5: x"},
		{"above", "../tasks/list.go:1:1: x", at("../tasks/list.go") + ":1:1: x"},
		{"absolute", "/usr/src/x.go:1:1: x", "/usr/src/x.go:1:1: x"},
		{"no such file", "other.go:1:1: x", "other.go:1:1: x"},
		{"inside a line", "see main.go:3:5", "see main.go:3:5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := relocate(c.text, dir); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
