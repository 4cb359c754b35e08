package bundle

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// onlyGo sets PATH to two folders: a new one, which it returns, and that of the go command, which has no tinygo.
func onlyGo(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+filepath.Join(strings.TrimSpace(string(root)), "bin"))
	return dir
}

// smallest is a shell line that prints a program which checkProgram accepts.
const smallest = `printf '\0asm\1\0\0\0\n\1\0'`

// fakeTinygo puts a tinygo command into PATH that runs a shell line to build. It returns the folder of that installation.
// The user's cache is empty.
func fakeTinygo(t *testing.T, build string) string {
	t.Helper()
	root, cache := t.TempDir(), t.TempDir()
	userCache = func() (string, error) { return cache, nil }
	t.Cleanup(func() { userCache = os.UserCacheDir })
	optimizer := filepath.Join(root, "wasm-opt")
	if err := os.WriteFile(optimizer, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	script := `#!/bin/sh
case "$1 $2" in
"env WASMOPT") echo '` + optimizer + `'; exit;;
esac
case "$1" in
env) echo '` + root + `';;
info) echo '{"build_tags":["tinygo.wasm","tinygo"]}';;
version) echo "fake $FAKE_VERSION";;
*) ` + build + `
esac
`
	if err := os.WriteFile(filepath.Join(onlyGo(t), "tinygo"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

func buildTiny(t *testing.T, dir string) error {
	t.Helper()
	_, err := Build(t.Context(), Options{Dir: dir, Package: "frontend", Out: "static", Compiler: TinyGo})
	return err
}

func TestTinyGoMissing(t *testing.T) {
	onlyGo(t)
	if err := buildTiny(t, app(t, hello)); !errors.Is(err, ErrNoTinyGo) {
		t.Errorf("got %v, want %v", err, ErrNoTinyGo)
	}
}

func TestTinyGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := app(t, hello)
	// The fake tinygo records its arguments, and the imports that the go command reports to it.
	calls := filepath.Join(dir, "calls")
	root := fakeTinygo(t, `echo "$@" >'`+calls+`'; go list -f '{{.Imports}}' . >>'`+calls+`'; `+smallest+` >"$8"`)
	called := func() string {
		text, err := os.ReadFile(calls)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if err := buildTiny(t, dir); !errors.Is(err, ErrNoTinyWasmExec) {
		t.Fatalf("without wasm_exec.js: %v", err)
	}
	put(t, filepath.Join(root, "targets", wasmExecName), "// Copyright The Authors.\n// License: theirs.\n\n// A comment.\nconst own = 'TinyGo';\n")
	if err := buildTiny(t, dir); err != nil {
		t.Fatal(err)
	}
	if got, want := string(get(t, dir, Script)), "// Copyright The Authors.\n// License: theirs.\nconst own=\"TinyGo\";\n"; !strings.HasPrefix(got, want) {
		t.Errorf("forgego.js is %.200q, want %q and the shim", got, want)
	}
	got := called()
	if !strings.HasPrefix(got, "build -target=wasm -opt=2 -no-debug -stack-size=128KB -panic=trap -o ") || !strings.HasSuffix(got, "app.wasm .\n[bytes]\n") {
		t.Errorf("tinygo was called with %s", got)
	}
	_, err := Build(t.Context(), Options{Dir: dir, Package: "frontend", Out: "static", Compiler: TinyGo, Panics: true})
	if got := called(); err != nil || !strings.HasPrefix(got, "build -target=wasm -opt=2 -no-debug -stack-size=128KB -panic=print -o ") {
		t.Errorf("with Panics tinygo was called with %s (%v)", got, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "frontend", "main.go")); err != nil || string(text) != hello {
		t.Errorf("the program's source was changed: %s (%v)", text, err)
	}
}

func TestTinyGoCompileError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := app(t, hello)
	root := fakeTinygo(t, `echo "'+bulk-memory-opt' is not a recognized feature for this target (ignoring feature)
main.go:4:2: undefined: x" >&2; exit 1`)
	put(t, filepath.Join(root, "targets", wasmExecName), "")
	err := buildTiny(t, dir)
	e, ok := errors.AsType[*CompileError](err)
	if !ok || !strings.HasPrefix(e.Output, filepath.Join(dir, "frontend", "main.go")+":4:2: undefined: x") {
		t.Errorf("got %v, want a *CompileError that starts with the place", err)
	}
}

func TestTinyGoUnsupportedImport(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := app(t, "package main\n\nimport _ \"example.com/frontend/client\"\n\nfunc main() {}\n")
	put(t, filepath.Join(dir, "frontend", "client", "client.go"), "package client\n\nimport _ \"net/http\"\n")
	fakeTinygo(t, "")
	err := buildTiny(t, dir)
	if !errors.Is(err, ErrTinyGoLacks) || !strings.Contains(err.Error(), "example.com/frontend imports example.com/frontend/client imports net/http") {
		t.Errorf("got %v, want %v with the chain of imports", err, ErrTinyGoLacks)
	}
}

func TestUnknownCompiler(t *testing.T) {
	_, err := Build(t.Context(), Options{Dir: app(t, hello), Package: "frontend", Out: "static", Compiler: "gcc"})
	if err == nil || !strings.Contains(err.Error(), `unknown compiler "gcc"; use go or tinygo`) {
		t.Errorf("got %v, want an error that contains %q", err, `unknown compiler "gcc"; use go or tinygo`)
	}
}

func TestImportChain(t *testing.T) {
	const list = "a \nb a\nnet/http b\nc a\nd net/http c\ne c\nmain d e"
	var packages []tinyPackage
	for line := range strings.SplitSeq(list, "\n") {
		fields := strings.Fields(line)
		packages = append(packages, tinyPackage{ImportPath: fields[0], Imports: fields[1:]})
	}
	for _, c := range []struct {
		wanted string
		want   []string
	}{
		{"net/http", []string{"main", "d", "net/http"}},
		{"e", []string{"main", "e"}},
		{"missing", nil},
		{"main", nil},
	} {
		if got := importChain(packages, c.wanted); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.wanted, got, c.want)
		}
	}
}

func TestWithGoFlag(t *testing.T) {
	for _, c := range []struct {
		name, flags, flag string
		want              []string
	}{
		{"none", "", "-x", []string{"A=b", "GOFLAGS=-x"}},
		{"others", "-v -mod=mod", "-x", []string{"A=b", "GOFLAGS=-v -mod=mod -x"}},
		{"a space", "", "-overlay=/a b", []string{"A=b", "GOFLAGS='-overlay=/a b'"}},
		{"nothing to add", "-v", "", []string{"A=b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := withGoFlag([]string{"A=b"}, c.flags, c.flag); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
