package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/bundle"
)

// filesOf returns the contents of all files in a folder by their names.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err == nil {
			files[filepath.ToSlash(name)] = readFile(t, dir, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestBuildIsReproducible builds the same app in two folders. Its modules are those of a new app.
func TestBuildIsReproducible(t *testing.T) {
	t.Parallel()
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "in", "the second")
	for _, command := range [][]string{
		{"new", "--backend", "none", "--name", "Same", "--module", "example.com/same", first},
		{"build", first},
	} {
		if c := start(t, "", command...); c.wait() != 0 {
			t.Fatalf("%v failed:\n%s", command, c.stderr)
		}
	}
	if err := os.CopyFS(second, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	for _, name := range bundle.Files {
		if name == bundle.Index {
			continue
		}
		if err := os.Remove(filepath.Join(second, "static", name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if c := start(t, "", "build", second); c.wait() != 0 {
		t.Fatalf("the second build failed:\n%s", c.stderr)
	}
	want, got := filesOf(t, filepath.Join(first, "static")), filesOf(t, filepath.Join(second, "static"))
	if !maps.Equal(got, want) || want["app.wasm.gz"] == "" {
		t.Errorf("the second build has other files than the first: %v and %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

func TestBuildOut(t *testing.T) {
	t.Parallel()
	dir, out := goApp(t), filepath.Join(t.TempDir(), "to", "deploy")
	write(t, filepath.Join(dir, "static", "index.html"), page)
	write(t, filepath.Join(dir, "static", "css", "style.css"), "p { color: red; }\n")
	write(t, filepath.Join(dir, "static", ".gitignore"), "app.wasm\n")
	write(t, filepath.Join(dir, "static", "app.wasm"), "an old program")
	build := func() string {
		t.Helper()
		c := start(t, "", "build", "--no-gzip", "--out", out, dir)
		if status := c.wait(); status != 0 {
			t.Fatalf("exit status %d:\n%s", status, c.stderr)
		}
		return c.stderr.String()
	}
	if got, want := build(), "main: built into "+filepath.Join(out, "main")+" in "; !strings.Contains(got, want) {
		t.Errorf("the output does not contain %q:\n%s", want, got)
	}
	files := filesOf(t, filepath.Join(out, "main"))
	if got, want := slices.Sorted(maps.Keys(files)), []string{".forgego-files", "app.wasm", "css/style.css", "forgego.js", "index.html"}; !slices.Equal(got, want) {
		t.Errorf("the folder has %v, want %v", got, want)
	}
	if files["index.html"] != page || !strings.HasPrefix(files["app.wasm"], "\x00asm") || readFile(t, dir, "static/app.wasm") != "an old program" {
		t.Error("a file is not what it should be")
	}
	write(t, filepath.Join(dir, "static", "css", "style.css"), "p { color: blue; }\n")
	build()
	if got := readFile(t, out, "main/css/style.css"); got != "p { color: blue; }\n" {
		t.Errorf("after the second build, style.css is %q", got)
	}

	// A file that is not the app's would be deployed too.
	write(t, filepath.Join(out, "main", "notes.txt"), "mine")
	if got := fails(t, 1, "", "build", "--out", out, dir); !strings.Contains(got, filepath.Join(out, "main", "notes.txt")+": no earlier build wrote this file; ") {
		t.Errorf("the output is\n%s", got)
	}
	if got := fails(t, 1, "", "build", "--out", filepath.Join(dir, "static"), dir); !strings.Contains(got, "are inside each other; choose a folder outside") {
		t.Errorf("the output is\n%s", got)
	}
}

// TestBuildOutForeign builds into a folder that no build has made. Every file in it must stay as it is.
func TestBuildOutForeign(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"style.css", "index.html", "app.wasm", "zz-notes.txt"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, out := goApp(t), t.TempDir()
			write(t, filepath.Join(dir, "static", "index.html"), page)
			write(t, filepath.Join(dir, "static", "style.css"), "p { color: red; }\n")
			foreign := filepath.Join(out, "main", name)
			write(t, foreign, "mine")
			got := fails(t, 1, "", "build", "--no-gzip", "--out", out, dir)
			if want := "resource \"main\": " + foreign + ": no earlier build wrote this file; "; !strings.Contains(got, want) {
				t.Errorf("the output does not contain %q:\n%s", want, got)
			}
			if got := filesOf(t, out); !maps.Equal(got, map[string]string{"main/" + name: "mine"}) {
				t.Errorf("the folder now has %v", got)
			}
		})
	}
}

// TestBuildOutForeignOfAnother builds two resources. If one folder is foreign, nothing is written into the other.
func TestBuildOutForeignOfAnother(t *testing.T) {
	t.Parallel()
	dir, out := goApp(t), t.TempDir()
	write(t, filepath.Join(dir, "manifest.yml"), strings.Replace(fullManifest, "    path: static\n", "    path: static\n  - key: other\n    path: other\n", 1))
	write(t, filepath.Join(dir, "forgego.yml"), "frontends:\n  main: {package: ./frontend}\n  other: {package: ./frontend}\n")
	write(t, filepath.Join(dir, "static", "index.html"), page)
	write(t, filepath.Join(dir, "other", "index.html"), page)
	write(t, filepath.Join(out, "other", "index.html"), "mine")
	if got := fails(t, 1, "", "build", "--no-gzip", "--out", out, dir); !strings.Contains(got, "resource \"other\": ") {
		t.Errorf("the output is\n%s", got)
	}
	if got := filesOf(t, out); !maps.Equal(got, map[string]string{"other/index.html": "mine"}) {
		t.Errorf("the folder now has %v", got)
	}
}

// TestBuildOutWatch renames a file of the resource, and puts a foreign file into the folder, while a watch runs.
func TestBuildOutWatch(t *testing.T) {
	t.Parallel()
	dir, out := goApp(t), t.TempDir()
	style := filepath.Join(dir, "static", "css", "style.css")
	write(t, filepath.Join(dir, "static", "index.html"), page)
	write(t, style, "p { color: red; }\n")
	c := start(t, "", "build", "--watch", "--no-gzip", "--out", out, dir)
	c.stderr.Wait(t, "watching for changes; Ctrl-C ends\n")
	if err := os.Rename(style, filepath.Join(dir, "static", "new.css")); err != nil {
		t.Fatal(err)
	}
	want := []string{".forgego-files", "app.wasm", "forgego.js", "index.html", "new.css"}
	c.stderr.WaitUntil(t, fmt.Sprintf("the folder has %v", want), func() bool {
		entries, err := os.ReadDir(filepath.Join(out, "main")) // sorted by name
		return err == nil && slices.EqualFunc(entries, want, func(e os.DirEntry, name string) bool { return e.Name() == name })
	})
	notes := filepath.Join(out, "main", "notes.txt")
	write(t, notes, "mine")
	write(t, filepath.Join(dir, "static", "new.css"), "p { color: blue; }\n")
	c.stderr.Wait(t, notes)
	if err := os.Remove(notes); err != nil {
		t.Fatal(err)
	}
	// The watch goes on with the same files after the error.
	write(t, filepath.Join(dir, "static", "new.css"), "p { color: green; }\n")
	c.stderr.WaitUntil(t, "new.css is green", func() bool { return readFile(t, out, "main/new.css") == "p { color: green; }\n" })
}

// TestBuildSizes checks that a build says how much the program has grown since the last one.
func TestBuildSizes(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	build := func() string {
		t.Helper()
		c := start(t, "", "build", dir)
		if status := c.wait(); status != 0 {
			t.Fatalf("exit status %d:\n%s", status, c.stderr)
		}
		return c.stderr.String()
	}
	line := func(output, name string) []string {
		t.Helper()
		for line := range strings.Lines(output) {
			if fields := strings.Fields(line); len(fields) > 0 && fields[0] == name {
				return fields
			}
		}
		t.Fatalf("the output does not list %s:\n%s", name, output)
		return nil
	}
	first := build()
	if got := line(first, "app.wasm.gz"); len(got) != 5 || got[1] != got[3] {
		t.Errorf("app.wasm.gz, which the page loads: %q", got)
	}
	if got := line(first, "app.wasm"); len(got) != 4 || got[3] != "–" {
		t.Errorf("app.wasm, which the page does not load: %q", got)
	}
	if second := build(); strings.Contains(second, "+") {
		t.Errorf("nothing has grown, but the output is\n%s", second)
	}
	write(t, filepath.Join(dir, "frontend", "main.go"), "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n")
	third := build()
	for _, name := range []string{"app.wasm.gz", "app.wasm", "4"} {
		if got := line(third, name); !strings.HasPrefix(got[len(got)-2], "+") {
			t.Errorf("%s has grown, but the line is %q", name, got)
		}
	}
	if got := line(third, "forgego.js"); len(got) != 5 {
		t.Errorf("forgego.js has not grown, but the line is %q", got)
	}
}

func TestBuildWatch(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	c := start(t, "", "build", "--watch", dir)
	c.stderr.Wait(t, "main: built into ")
	c.stderr.Wait(t, "watching for changes; Ctrl-C ends\n")
	before := readFile(t, dir, "static/app.wasm")
	write(t, filepath.Join(dir, "frontend", "main.go"), "package main\n\nfunc main() { hello() }\n")
	c.stderr.Wait(t, "undefined: hello")
	write(t, filepath.Join(dir, "frontend", "main.go"), "package main\n\nfunc main() { println(\"good night\") }\n")
	c.stderr.WaitUntil(t, "the program is a new one", func() bool { return readFile(t, dir, "static/app.wasm") != before })
	_ = c.stop()
	if status := c.wait(); status != stoppedStatus {
		t.Errorf("exit status %d, want %d", status, stoppedStatus)
	}
}
