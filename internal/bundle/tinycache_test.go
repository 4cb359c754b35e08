package bundle

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// cachedApp is an app that a fake TinyGo builds, with its own library and an embedded file. It counts the builds.
type cachedApp struct {
	t *testing.T
	// root is the folder of TinyGo's installation.
	dir, calls, root string
}

func newCachedApp(t *testing.T, build string) cachedApp {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	a := cachedApp{t: t, dir: t.TempDir(), calls: filepath.Join(t.TempDir(), "calls")}
	a.create(a.dir)
	a.root = fakeTinygo(t, `set -e; PATH=$PATH:/usr/bin:/bin; echo build >>'`+a.calls+`'; `+build+`; `+smallest+` >"$8"`)
	put(t, filepath.Join(a.root, "targets", wasmExecName), "")
	return a
}

func (a cachedApp) create(dir string) {
	for name, text := range map[string]string{
		"frontend/go.mod":     "module example.com/frontend\n\ngo 1.25\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../lib\n",
		"frontend/main.go":    "package main\n\nimport (\n\t_ \"embed\"\n\n\t\"example.com/lib\"\n)\n\n//go:embed text.txt\nvar text string\n\nfunc main() { println(text, lib.Name) }\n",
		"frontend/text.txt":   "hello",
		"lib/go.mod":          "module example.com/lib\n\ngo 1.25\n",
		"lib/lib.go":          "package lib\n\nconst Name = \"a\"\n",
		"lib/with_tinygo.go":  "//go:build tinygo.wasm\n\npackage lib\n\nimport _ \"example.com/lib/tiny\"\n",
		"lib/with_gc.go":      "//go:build !tinygo\n\npackage lib\n",
		"lib/tiny/tiny.go":    "package tiny\n",
		"lib/other/other.go":  "package other\n",
		"lib/other/ignore.go": "//go:build ignore\n\npackage main\n",
	} {
		put(a.t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
}

// builds returns how often the compiler ran for one more Build.
func (a cachedApp) builds(o Options) int {
	a.t.Helper()
	if o.Dir == "" {
		o.Dir = a.dir
	}
	o.Package, o.Out, o.Compiler = "frontend", "static", TinyGo
	before := a.count()
	if _, err := Build(a.t.Context(), o); err != nil {
		a.t.Fatal(err)
	}
	if got := get(a.t, o.Dir, Program); checkProgram(got) != nil {
		a.t.Errorf("the program is %q", got)
	}
	return a.count() - before
}

func (a cachedApp) count() int {
	text, err := os.ReadFile(a.calls)
	if err != nil && !os.IsNotExist(err) {
		a.t.Fatal(err)
	}
	return bytes.Count(text, []byte("build"))
}

func (a cachedApp) want(what string, want int, o Options) {
	a.t.Helper()
	if got := a.builds(o); got != want {
		a.t.Errorf("%s: the compiler ran %d times, want %d", what, got, want)
	}
}

// file returns the path of the only program in the cache.
func (a cachedApp) file() string {
	a.t.Helper()
	files, err := filepath.Glob(filepath.Join(string(userPrograms()), "*"))
	if err != nil || len(files) != 1 {
		a.t.Fatalf("the cache has %q (%v), want one file", files, err)
	}
	return files[0]
}

func TestTinyGoBuildsOnlyChanges(t *testing.T) {
	a := newCachedApp(t, ":")
	a.want("the first build", 1, Options{})
	a.want("the same again", 0, Options{})
	other := t.TempDir()
	a.create(other)
	a.want("the same in another folder", 0, Options{Dir: other})
	put(t, filepath.Join(a.dir, "lib/lib_test.go"), "package lib\n")
	put(t, filepath.Join(a.dir, "lib/with_gc.go"), "//go:build !tinygo\n\npackage lib\n\nconst Other = 1\n")
	put(t, filepath.Join(a.dir, "lib/other/other.go"), "package other\n\nconst Other = 1\n")
	a.want("with changes in files that TinyGo does not read", 0, Options{})

	edit := func(name, before, after string) func(t *testing.T) {
		return func(t *testing.T) {
			path := filepath.Join(a.dir, filepath.FromSlash(name))
			text, err := os.ReadFile(path)
			if err != nil && before != "" {
				t.Fatal(err)
			}
			if before != "" && !bytes.Contains(text, []byte(before)) {
				t.Fatalf("%s has no %q", name, before)
			}
			put(t, path, strings.Replace(string(text), before, after, 1))
			t.Cleanup(func() {
				if err != nil {
					_ = os.Remove(path)
				} else {
					put(t, path, string(text))
				}
			})
		}
	}
	set := func(name, value string) func(t *testing.T) { return func(t *testing.T) { t.Setenv(name, value) } }
	for _, c := range []struct {
		name   string
		change func(t *testing.T)
		panics bool
	}{
		{"the program", edit("frontend/main.go", "println(text,", "println(text+text,"), false},
		{"another file of the program", edit("frontend/more.go", "", "package main\n"), false},
		{"an embedded file", edit("frontend/text.txt", "hello", "help"), false},
		{"a dependency", edit("lib/lib.go", `"a"`, `"b"`), false},
		{"a file for TinyGo", edit("lib/with_tinygo.go", "package lib", "package lib // for pages"), false},
		{"a dependency for TinyGo", edit("lib/tiny/tiny.go", "package tiny", "package tiny // for pages"), false},
		{"the version of the language", edit("frontend/go.mod", "go 1.25", "go 1.26"), false},
		{"the version of a dependency's language", edit("lib/go.mod", "go 1.25", "go 1.24"), false},
		{"a setting for the runtime", edit("frontend/main.go", "package main", "//go:debug madvdontneed=1\npackage main"), false},
		{"TinyGo's version", set("FAKE_VERSION", "2"), false},
		{"TinyGo itself", func(t *testing.T) {
			path, err := exec.LookPath("tinygo")
			if err != nil {
				t.Fatal(err)
			}
			appendTo(t, path, "# changed\n")
		}, false},
		{"wasm-opt", func(t *testing.T) { appendTo(t, filepath.Join(a.root, "wasm-opt"), "changed") }, false},
		{"TinyGo's environment", set("TINYGO_SOMETHING", "2"), false},
		{"Go's flags", set("GOFLAGS", "-mod=mod"), false},
		{"Go's file of settings", func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "env")
			put(t, file, "GOFLAGS=-mod=readonly\n")
			t.Setenv("GOENV", file)
		}, false},
		{"Go's experiments", set("GOEXPERIMENT", "none"), false},
		{"the flags of a development build", func(*testing.T) {}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := a
			a.t = t
			c.change(t)
			a.want("with the change", 1, Options{Panics: c.panics})
		})
	}
	a.want("without the changes", 0, Options{})
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// TestTinyGoGetsGoFlags checks that the flags of Go's file of settings are those of the build too.
func TestTinyGoGetsGoFlags(t *testing.T) {
	seen := filepath.Join(t.TempDir(), "seen")
	a := newCachedApp(t, `echo "$GOFLAGS" >'`+seen+`'`)
	file := filepath.Join(t.TempDir(), "env")
	put(t, file, "GOFLAGS=-mod=mod\n")
	t.Setenv("GOENV", file)
	a.builds(Options{})
	if flags, err := os.ReadFile(seen); err != nil || !strings.HasPrefix(string(flags), "-mod=mod -overlay=") {
		t.Errorf("TinyGo's GOFLAGS are %q (%v), want those of the user and an overlay", flags, err)
	}
}

func TestTinyGoBuildsUnknownProgramsAlways(t *testing.T) {
	a := newCachedApp(t, ":")
	put(t, filepath.Join(a.dir, "frontend", "c.go"), "package main\n\n// #include \"../c.h\"\nimport \"C\"\n")
	for range 2 {
		a.want("with C code", 1, Options{})
	}
	if err := os.Remove(filepath.Join(a.dir, "frontend", "c.go")); err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	put(t, overlay, "{}")
	t.Setenv("GOFLAGS", "-overlay="+overlay)
	for range 2 {
		a.want("with an overlay", 1, Options{})
	}
	t.Setenv("GOFLAGS", "-modfile=go.mod")
	for range 2 {
		a.want("with another go.mod", 1, Options{})
	}
	t.Setenv("GOFLAGS", "")
	t.Setenv("FAKE_VERSION", "0.42.0-dev-0123abc")
	for range 2 {
		a.want("with a development version of TinyGo", 1, Options{})
	}
	t.Setenv("FAKE_VERSION", "")
	command, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	tinygo, err := exec.LookPath("tinygo")
	if err != nil {
		t.Fatal(err)
	}
	wrapper := filepath.Join(filepath.Dir(tinygo), "go")
	script := "#!/bin/sh\nif [ \"$2\" = GOVERSION ]; then echo 'go1.27-devel_0123456789'; exit; fi\nexec '" + command + "' \"$@\"\n"
	if err := os.WriteFile(wrapper, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a.want("with a development version of Go", 1, Options{})
	}
	if err := os.Remove(wrapper); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(a.root, "wasm-opt")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a.want("without wasm-opt", 1, Options{})
	}
}

// TestTinyGoChangeDuringBuild checks that no program is kept for inputs of which it may not be made.
func TestTinyGoChangeDuringBuild(t *testing.T) {
	for name, change := range map[string]string{
		"changed":             `echo '// more' >>main.go`,
		"changed and undone":  `cp main.go main.old; echo '// more' >>main.go; mv main.old main.go`,
		"go.mod, and undone":  `cp go.mod go.old; echo '// more' >>go.mod; mv go.old go.mod`,
		"replaced and undone": `mv main.go main.old; echo 'package main' >main.go; mv main.old main.go`,
		"added and removed":   `echo 'package main' >more.go; rm more.go`,
		"a folder moved":      `mv ../lib/tiny ../old; mv ../old ../lib/tiny`,
		"a file added":        `echo 'package main' >more.go`,
		"a dependency edited": `echo '// more' >>../lib/lib.go`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newCachedApp(t, change)
			a.want("the first build", 1, Options{})
			if files, _ := filepath.Glob(filepath.Join(string(userPrograms()), "*")); len(files) > 0 {
				t.Errorf("the cache has %q, want nothing", files)
			}
		})
	}
}

func TestTinyGoDamagedCache(t *testing.T) {
	a := newCachedApp(t, ":")
	a.builds(Options{})
	path := a.file()
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"empty":   {},
		"cut off": good[:len(good)-1],
		"short":   good[:10],
		"longer":  append(bytes.Clone(good), 0),
		"a bit":   append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1),
	} {
		put(t, path, string(bad))
		a.want(name, 1, Options{})
		a.want(name+", repaired", 0, Options{})
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	a.want("a folder", 1, Options{})
}

func TestTinyGoWithoutCache(t *testing.T) {
	a := newCachedApp(t, ":")
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "")
	for name, folder := range map[string]func() (string, error){
		"no folder":    func() (string, error) { return "", os.ErrNotExist },
		"not a folder": func() (string, error) { return file, nil },
	} {
		userCache = folder
		for range 2 {
			a.want(name, 1, Options{})
		}
	}
}

func TestTinyGoCacheIsTrimmed(t *testing.T) {
	a := newCachedApp(t, ":")
	folder := string(userPrograms())
	for i := range maxPrograms {
		path := filepath.Join(folder, fmt.Sprint(i))
		put(t, path, "")
		at := time.Now().Add(-time.Duration(i) * time.Hour)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	old := filepath.Join(folder, "10")
	at := time.Now().Add(-maxProgramAge - time.Hour)
	if err := os.Chtimes(old, at, at); err != nil {
		t.Fatal(err)
	}
	a.want("the first build", 1, Options{})
	a.want("the same again", 0, Options{})
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != maxPrograms {
		t.Errorf("the cache has %d files (%v), want %d", len(files), err, maxPrograms)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("a program that nobody has used for a long time was kept")
	}
}
