package main

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// goApp returns an app with a front end that is its own module without dependencies, and without a folder for its
// resource.
func goApp(t *testing.T) string {
	return makeApp(t, "manifest.yml", fullManifest, "forgego.yml", "frontends:\n  main:\n    package: ./frontend\n",
		"frontend/go.mod", "module example.com/frontend\n\ngo 1.26\n",
		"frontend/main.go", "package main\n\nfunc main() { println(\"hello\") }\n")
}

func TestBuild(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	c := start(t, "", "build", dir)
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d, want 0; output:\n%s", status, c.stderr)
	}
	c.noMoreOutput()
	for _, name := range []string{"index.html", "forgego.js", "app.wasm", "app.wasm.gz"} {
		if _, err := os.Stat(filepath.Join(dir, "static", name)); err != nil {
			t.Error(err)
		}
		if !strings.Contains(c.stderr.String(), "\n  "+name+" ") {
			t.Errorf("the output does not list %s:\n%s", name, c.stderr)
		}
	}
	if out := c.stderr.String(); !strings.Contains(out, "main: built into "+filepath.Join(dir, "static")+" in ") || !strings.Contains(out, "\n  4 files ") {
		t.Errorf("the output is\n%s", out)
	}
	again := start(t, "", "build", dir)
	if status := again.wait(); status != 0 || !strings.Contains(again.stderr.String(), "main: nothing changed in ") {
		t.Errorf("the second build: exit status %d, output:\n%s\nwant 0 and \"nothing changed\"", status, again.stderr)
	}
}

func TestBuildBrotli(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	write(t, filepath.Join(dir, "static", "index.html"), page)
	if c := start(t, "", "build", dir); c.wait() != 0 {
		t.Fatalf("the first build failed:\n%s", c.stderr)
	}
	// A compressed file of the current program is kept. The test uses fast compression, because the best brotli takes
	// minutes under the race detector.
	small := filepath.Join(dir, "static", "app.wasm.br")
	compressFast(t, filepath.Join(dir, "static", "app.wasm"), small)
	c := start(t, "", "build", "--brotli", dir)
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d, want 0; output:\n%s", status, c.stderr)
	}
	for _, want := range []string{
		"main: building ./frontend, and compressing it with brotli (about 40 times as long as gzip)\n",
		"\n  <link rel=\"preload\" href=\"app.wasm.gz\" as=\"fetch\" fetchpriority=\"high\">\n  <script src=\"forgego.js\" data-program=\"app.wasm\" data-gzip defer fetchpriority=\"high\"></script>\n",
	} {
		if !strings.Contains(c.stderr.String(), want) {
			t.Errorf("the output does not contain %q:\n%s", want, c.stderr)
		}
	}
	if !strings.Contains(c.stderr.String(), "main: nothing changed in ") {
		t.Errorf("the current app.wasm.br was written again:\n%s", c.stderr)
	}
	write(t, filepath.Join(dir, "frontend", "main.go"), "package main\n\nfunc main() { println(\"good night\") }\n")
	again := start(t, "", "build", dir)
	if status := again.wait(); status != 0 || !strings.Contains(again.stderr.String(), "main: removed "+small+" of an old program") {
		t.Errorf("exit status %d:\n%s", status, again.stderr)
	}
}

func compressFast(t *testing.T, from, to string) {
	t.Helper()
	program, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, brotli.BestSpeed)
	_, err = w.Write(program)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	write(t, to, b.String())
}

func TestDevBuildsFirst(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	c := start(t, "", "dev", anyAddr, dir)
	if status, _ := get(t, c.ready()); status != http.StatusOK {
		t.Errorf("the page returns %d", status)
	}
	if _, err := os.Stat(filepath.Join(dir, "static", "app.wasm")); err != nil {
		t.Error(err)
	}
}

func TestDevNoBuild(t *testing.T) {
	t.Parallel()
	dir := goApp(t)
	write(t, filepath.Join(dir, "static", "index.html"), page)
	start(t, "", "dev", anyAddr, "--no-build", dir).ready()
	if _, err := os.Stat(filepath.Join(dir, "static", "app.wasm")); err == nil {
		t.Error("forgego dev --no-build wrote app.wasm")
	}
}

// TestBuildByOtherTools checks that an app whose only front end has a command of its own is no mistake.
func TestBuildByOtherTools(t *testing.T) {
	t.Parallel()
	dir := makeApp(t, "manifest.yml", strings.Replace(plainManifest, "    path: static\n", "    path: static\n    tunnel: {port: 5173}\n", 1), "forgego.yml", "frontends:\n  main:\n    command: [npm, run, dev]\n")
	c := start(t, "", "build", dir)
	status := c.wait()
	c.noMoreOutput()
	want := "main: not built here, because it has a command of its own; its tools build it, as npm run build does\n"
	if got := c.stderr.String(); status != 0 || got != want {
		t.Errorf("exit status %d, want 0; the output is\n%s\nwant\n%s", status, got, want)
	}
}

func TestBuildErrors(t *testing.T) {
	t.Parallel()
	broken := goApp(t)
	write(t, filepath.Join(broken, "frontend", "main.go"), "package main\n\nfunc main() {\n\thello()\n}\n")
	library := goApp(t)
	write(t, filepath.Join(library, "frontend", "main.go"), "package frontend\n")
	for _, c := range []struct{ name, dir, want string }{
		{"nothing to build", makeApp(t, "manifest.yml", plainManifest, "static/index.html", page), "forgego: nothing to build"},
		{"compile error", broken, "\n" + filepath.Join(broken, "frontend", "main.go") + ":4:2: undefined: hello\n"},
		{"library", library, "this is package frontend, but a front end must be package main"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := fails(t, 1, "", "build", c.dir); !strings.Contains(got, c.want) {
				t.Errorf("the output does not contain %q:\n%s", c.want, got)
			}
		})
	}
}
