package check

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

const panel = `modules:
  jira:globalPage:
    - key: page
      title: Page
      resource: main
resources:
  - key: main
    path: static
app:
  runtime:
    name: nodejs22.x
  id: ari:cloud:ecosystem::app/0b1c2d3e-4f50-4617-8a9b-0c1d2e3f4a5b
`

const withEval = panel + `permissions:
  content:
    scripts: [unsafe-eval]
`

// module is a WebAssembly module with a code section without functions.
const module = "\x00asm\x01\x00\x00\x00\x0a\x01\x00"

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// report returns the problems as lines "file:line:column severity: message", with files relative to the app's folder.
func report(t *testing.T, dir string, problems []Problem) string {
	t.Helper()
	var b strings.Builder
	for _, p := range problems {
		name, err := filepath.Rel(dir, p.File)
		if err != nil {
			t.Fatal(err)
		}
		p.File = filepath.ToSlash(name)
		fmt.Fprintf(&b, "%s %s: %s\n", p.place(), p.Severity, p.Message)
		if p.Fix == "" {
			t.Errorf("no remedy for: %s", p.Message)
		}
	}
	return b.String()
}

func TestFilesOfResources(t *testing.T) {
	page := func(head, body string) []string {
		return []string{"static/index.html", "<!doctype html>\n<head>" + head + "</head>\n<body>" + body + "</body>\n"}
	}
	// loading adds the files of a program to those of a page.
	loading := func(files []string) []string {
		return append(files, "static/forgego.js", "x", "static/a.wasm", "x", "static/a.wasm.gz", "x")
	}
	for _, c := range []struct {
		name, manifest string
		files          []string
		want           string
	}{
		{"nothing", panel, nil, ""},
		{"missing script", panel, page(`<script src="forgeg.js">`, ""), `static/index.html:2:7 error: the page loads forgeg.js, which the folder of resource "main" does not have`},
		{"missing style sheet", panel, page("", `<link rel=stylesheet href="./b/a.css?x#y">`), `static/index.html:3:7 error: the page loads ./b/a.css?x#y, which the`},
		{"missing program", withEval, loading(page(`<script src="forgego.js" data-program="ap.wasm">`, "")), "error: the page loads ap.wasm, which the"},
		{"missing compressed program", withEval, loading(page(`<script src="forgego.js" data-program="ap.wasm" data-gzip>`, "")), "error: the page loads ap.wasm.gz, which the"},
		{"missing picture", panel, page("", `<img src="a.png">`), "warning: the page loads a.png, which the"},
		{"missing preload", panel, page(`<link rel="preload" href="a.woff2" as="font">`, ""), "warning: the page loads a.woff2, which the"},
		{"script in another folder", panel, append(page(`<script src="../a.js">`, ""), "a.js", ""), "error: the page loads ../a.js, which the"},
		{"folder as script", panel, append(page(`<script src="js">`, ""), "static/js/a.js", ""), "error: the page loads js, which the"},
		{"files that are there", panel, append(page(`<script src="./js/a%20b.js?v=1">`, `<img src="a.png#x">`), "static/js/a b.js", "", "static/a.png", ""), ""},
		{"addresses that are not files", panel, page("", `<img src="data:,"><img src="blob:x"><img src="#x"><img src="?x"><img src="{{url}}"><a href="none.html">x</a>`), ""},
		{"page in a folder", strings.NewReplacer("resource: main", "resource: main/more", "path: static", "path: static\n    entry: {more: b/more.html}").Replace(panel), []string{"static/b/more.html", `<script src="../a.js"></script><script src="a.js"></script>`, "static/a.js", ""},
			"static/b/more.html:1:32 error: the page loads a.js, which the"},
		{"icon", strings.Replace(panel, "title: Page", "title: Page\n      icon: resource:main;icons/a.svg", 1), []string{"static/icons/a.svg", "<svg/>"}, ""},
		{"missing icon", strings.Replace(panel, "title: Page", "title: Page\n      icon: resource:main;icons/b.svg", 1), []string{"static/icons/a.svg", "<svg/>"}, `manifest.yml:5:7 warning: the folder of resource "main" has no icons/b.svg`},
		{"icon of a missing resource", strings.Replace(panel, "title: Page", "title: Page\n      icon: resource:mian;a.svg", 1), nil, `manifest.yml:5:7 warning: the resource "mian" does not exist`},
		{"absolute script", panel, page(`<script src="/app.js"></script>`, ""), `static/index.html:2:7 error: the address "/app.js" of <script> is absolute`},
		{"absolute style sheet", panel, page(`<link rel="stylesheet" href="/app.css">`, ""), `the address "/app.css" of <link> is absolute`},
		{"absolute picture", panel, page("", `<img src="/a.png">`), `static/index.html:3:7 error: the address "/a.png" of <img> is absolute`},
		{"link without load", panel, page(`<link rel="canonical" href="/x">`, `<a href="/x">x</a>`), ""},
		{"foreign script", panel, page(`<script src="https://cdn.example.com/a.js"></script>`, ""), "the policy forbids <script> from cdn.example.com"},
		{"foreign script, allowed", panel + "permissions:\n  external:\n    scripts:\n      - address: https://*.example.com\n", page(`<script src="https://cdn.example.com/a.js"></script>`, ""), ""},
		{"foreign style", panel, page(`<link rel="stylesheet" href="//cdn.example.com/a.css">`, ""), "the policy forbids <link> from cdn.example.com"},
		{"servers of Forge", panel, page(`<script src="https://forge.cdn.prod.atlassian-dev.net/a.js"></script>`, `<iframe src="https://api.media.atlassian.com/a"></iframe>`), ""},
		{"a frame of a server that is for scripts", panel, page("", `<iframe src="https://forge.cdn.prod.atlassian-dev.net/a"></iframe>`), "the policy forbids <iframe> from forge.cdn.prod.atlassian-dev.net"},
		{"preload", withEval, loading(page(`<link rel="preload" href="a.wasm.gz" as="fetch"><script src="forgego.js" data-program="a.wasm" data-gzip>`, "")), ""},
		{"preload in another mode", withEval, loading(page(`<link rel="preload" href="./a.wasm.gz" as="fetch" crossorigin><script src="forgego.js" data-program="a.wasm" data-gzip>`, "")),
			"static/index.html:2:7 warning: browsers load a.wasm.gz twice, because forgego.js requests it without crossorigin"},
		{"early calls", withEval + "remotes:\n  - {key: api, baseUrl: https://api.your-company.com}\n", loading(page(`<script src="forgego.js" data-program="a.wasm" data-early="getContext get:api/x?y token:api">`, "")), ""},
		{"early call of an unknown remote", withEval + "remotes:\n  - {key: api, baseUrl: https://api.your-company.com}\n", loading(page(`<script src="forgego.js" data-program="a.wasm" data-early="get:apj/x">`, "")),
			`static/index.html:2:7 warning: "get:apj/x" in data-early names a remote "apj" that does not exist`},
		{"unknown early call", withEval, loading(page(`<script src="forgego.js" data-program="a.wasm" data-early="getcontext">`, "")), `static/index.html:2:7 error: forgego.js does not know the call "getcontext" in data-early`},
		{"mistyped attribute", withEval, loading(page(`<script src="forgego.js" data-program="a.wasm" data-gzipp data-astro-rerun>`, "")), "static/index.html:2:7 warning: forgego.js does not know the attribute data-gzipp"},
		{"preload of another file", withEval, loading(page(`<link rel="preload" href="a.wasm.gz" as="fetch" crossorigin><script src="forgego.js" data-program="a.wasm">`, "")), ""},
		{"preload of another origin", withEval, loading(page(`<link rel="preload" href="https://example.com/a.wasm" as="fetch" crossorigin><script src="forgego.js" data-program="https://example.com/a.wasm">`, "")), ""},
		{"inline script", panel, page(`<script>x = 1</script>`, ""), ""},
		{"inline style", panel, page(`<style>p {}</style>`, ""), "the policy forbids the inline style"},
		{"style attribute", panel, page("", `<p style="color: red">`), "the policy forbids the style attribute of <p>"},
		{"inline styles, allowed", panel + "permissions:\n  content:\n    styles: [unsafe-inline]\n", page(`<style>p {}</style>`, `<p style="color: red">`), ""},
		{"event handler", panel, page("", `<p onclick="f()">`), "the policy forbids the inline event handler onclick of <p>"},
		{"event handler, allowed", panel + "permissions:\n  content:\n    scripts: [unsafe-inline]\n", page("", `<p onclick="f()">`), ""},
		{"javascript address", panel, page("", `<a href="javascript:f()">x</a>`), "the policy forbids the javascript: address of <a>"},
		{"base", panel, page(`<base href="/x/">`, ""), "<base> changes where"},
		{"base of the page", panel, page(`<base href="./"><base href="."><base href=""><base href=" ./ ">`, ""), ""},
		{"style sheet", panel, []string{"static/a.css", "p {\n  background: url(/a.png);\n}\nq { background: url(b.png) url(//x/y) }\n"}, `static/a.css:2:19 error: the address "/a.png" is absolute`},
		{"hidden file", panel, []string{"static/.env", "x"}, `manifest.yml:8:5 warning: ".env" of resource "main" is not deployed`},
		{"hidden file of forgego build", panel, []string{"static/.forgego-files", "[]"}, ""},
		{"hidden file of git", panel, []string{"static/.gitignore", "x"}, ""},
		{"program without permission", panel, []string{"static/app.wasm", module}, "error: resource \"main\" holds WebAssembly (static/app.wasm), which the app's policy does not let run"},
		{"program, empty scripts", panel + "permissions:\n  content:\n    scripts:\n", []string{"static/app.wasm", module}, "manifest.yml:15:5 error: resource \"main\" holds WebAssembly (static/app.wasm), which "},
		{"program", withEval, []string{"static/app.wasm", module}, ""},
		{"damaged program", withEval, []string{"static/app.wasm", module + "\x0a"}, "static/app.wasm error: "},
		{"compressed program", withEval, []string{"static/app.wasm", module, "static/app.wasm.gz", gzipped(module)}, ""},
		{"compressed other program", withEval, []string{"static/app.wasm", module, "static/app.wasm.gz", gzipped(module + "\x0a\x01\x00")}, "static/app.wasm.gz error: this is not the program app.wasm, compressed"},
		{"not compressed", withEval, []string{"static/app.wasm", module, "static/app.wasm.gz", module}, "static/app.wasm.gz error: this is not the program app.wasm, compressed"},
		{"script of TinyGo", withEval, []string{"static/app.wasm", module, "static/forgego.js", "wasi_snapshot_preview1"}, "static/forgego.js error: Go made the program, but this is the script of TinyGo"},
		{"other script", withEval, []string{"static/app.wasm", module, "static/forgego.js", "x"}, "static/forgego.js warning: this is not the script of this version of forgego"},
		{"no page", strings.Replace(panel, "path: static", "path: locales", 1), nil, `the folder of resource "main" has no index.html`},
		{"not built", withEval, []string{"forgego.yml", "frontends:\n  main: {package: ./frontend}\n", "frontend/main.go", "package main\n"}, `manifest.yml:8:5 warning: the program of resource "main" is not built yet`},
		{"program of another resource", withEval, []string{"forgego.yml", "frontends:\n  other: {package: ./frontend}\n"}, "forgego.yml:2:3 error: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, c.manifest, c.files...)
			got := report(t, dir, Run(t.Context(), Options{Dir: dir}))
			if c.want == "" && got != "" || !strings.Contains(got, c.want) || strings.Count(got, "\n") > strings.Count(c.want, "the ")+2 {
				t.Errorf("got\n%swant %q", got, c.want)
			}
		})
	}
}

// TestHowToBuild checks the remedy for a folder of a resource that is missing or empty.
func TestHowToBuild(t *testing.T) {
	withTunnel := strings.Replace(panel, "path: static\n", "path: static\n    tunnel: {port: 5173}\n", 1)
	for _, c := range []struct{ name, manifest, dev, missing, empty string }{
		{"nothing builds it", panel, "{}", "Create it, or correct the path.", "Put an index.html into it, or correct the path."},
		{"a Go front end", withEval, "frontends:\n  main: {package: ./frontend}\n", "Build it: forgego build; or correct the path.", "Build it: forgego build; or correct the path."},
		{"a server of its own", withTunnel, "frontends:\n  main: {command: [npm, run, dev]}\n",
			"Build it with the tools of the front end, for example by npm run build.", "Build it with the tools of the front end, for example by npm run build."},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := app(t, c.manifest, "forgego.yml", c.dev, "frontend/main.go", "package main\n")
			folder := filepath.Join(dir, "static")
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
			want := func(message, fix string) {
				t.Helper()
				problems := Run(t.Context(), Options{Dir: dir})
				if len(problems) != 1 || problems[0].Message != message || problems[0].Fix != fix {
					t.Errorf("got %+v, want %q with the remedy %q", problems, message, fix)
				}
			}
			want(`the folder "static" of resource "main" does not exist`, c.missing)
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			want(`the folder "static" of resource "main" is empty`, c.empty)
		})
	}
}

func TestAbsolutePath(t *testing.T) {
	elsewhere := filepath.Join(app(t, panel), "static")
	manifest := func(path string) string {
		return strings.Replace(panel, "path: static", fmt.Sprintf("path: '%s'", path), 1)
	}
	dir := app(t, manifest(elsewhere))
	want := fmt.Sprintf("manifest.yml:8:5 warning: the path %q of resource \"main\" is not relative\n", elsewhere)
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.HasPrefix(got, want) || strings.Contains(got, "error:") {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	write(t, filepath.Join(elsewhere, "index.html"), "<style></style>")
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.Contains(got, "error: the policy forbids the inline style") {
		t.Errorf("its page is not checked; got\n%s", got)
	}
	dir = app(t, manifest(filepath.Join(elsewhere, "none")))
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.Contains(got, "error: the folder") || !strings.Contains(got, "does not exist") {
		t.Errorf("a path that does not exist: got\n%s", got)
	}
}

func TestInvisibleCharacters(t *testing.T) {
	for _, c := range []string{"\u2028", "\u2029", "\u0085"} {
		for _, title := range []string{`"Pa` + c + `ge"`, `'Pa` + c + `ge'`, "Pa" + c + "ge"} {
			dir := app(t, strings.Replace(panel, "title: Page", "title: "+title, 1))
			got := report(t, dir, Run(t.Context(), Options{Dir: dir}))
			if !strings.Contains(got, fmt.Sprintf("warning: the invisible character U+%04X", []rune(c)[0])) || strings.Count(got, "\n") != 1 {
				t.Errorf("%q: got\n%s", title, got)
			}
		}
	}
}

func TestLimitsOfResources(t *testing.T) {
	dir := app(t, panel)
	for i := range maxFiles {
		write(t, filepath.Join(dir, "static", fmt.Sprint(i), "x"), "")
	}
	big := filepath.Join(dir, "static", "big")
	write(t, big, "")
	if err := os.Truncate(big, maxBundle+1); err != nil { // a sparse file
		t.Fatal(err)
	}
	got := report(t, dir, Run(t.Context(), Options{Dir: dir}))
	if want := `manifest.yml:8:5 error: resource "main" has 5003 files; Forge allows at most 5000
manifest.yml:8:5 error: resource "main" has 100.01 MB; Forge allows at most 100 MB
`; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Links count as in forgego build: as what they lead to, if that is in the folder.
func TestLinksCount(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a permission on Windows")
	}
	outside := t.TempDir()
	dir := app(t, panel, "static/css/a.css", "p { background: url(/a.png) }")
	for name, to := range map[string]string{"more": "css", "big": "data", "away": outside, "none": "nothing", "css/up": ".."} {
		if err := os.Symlink(to, filepath.Join(dir, "static", name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{filepath.Join(dir, "static/data"), filepath.Join(outside, "x")} {
		write(t, file, "")
		if err := os.Truncate(file, 60*megabyte); err != nil { // a sparse file
			t.Fatal(err)
		}
	}
	got := report(t, dir, Run(t.Context(), Options{Dir: dir}))
	if !strings.Contains(got, `resource "main" has 120.01 MB`) || !strings.Contains(got, "static/more/a.css:1:21 error") {
		t.Errorf("got\n%s", got)
	}

	// Links to one folder with many files are more than is looked at.
	dir = app(t, panel)
	for i := range 350 {
		write(t, filepath.Join(dir, "static/many", fmt.Sprint(i)), "")
		if err := os.Symlink("many", filepath.Join(dir, "static", fmt.Sprint("link", i))); err != nil {
			t.Fatal(err)
		}
	}
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.Contains(got, `resource "main" has more than 100000 files and folders`) {
		t.Errorf("got\n%s", got)
	}
}

func TestFoldersThatCannotBeChecked(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		name string
		dir  func(t *testing.T) string
		want string
	}{
		{"no folder", func(t *testing.T) string { return filepath.Join(empty, "none") }, "there is no such folder"},
		{"a file", func(t *testing.T) string { return filepath.Join(app(t, panel), "manifest.yml") }, "this is not a folder"},
		{"no manifest", func(t *testing.T) string { return empty }, "there is no such file"},
		{"an empty manifest", func(t *testing.T) string { return app(t, "") }, "is empty"},
		{"a huge manifest", func(t *testing.T) string { return app(t, strings.Repeat("# x\n", 1<<17)) }, "is over 256 KiB"},
		{"a manifest in UTF-16", func(t *testing.T) string { return app(t, "\xff\xfea\x00") }, "is UTF-16"},
		{"a binary manifest", func(t *testing.T) string { return app(t, "\x00\x01\x02") }, "U+0000"},
		{"a manifest that is a folder", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "manifest.yml", "x"), "")
			return dir
		}, "is a folder, not a regular file"},
		{"a huge page", func(t *testing.T) string {
			dir := app(t, panel)
			if err := os.Truncate(filepath.Join(dir, "static/index.html"), manifest.MaxPage+1); err != nil {
				t.Fatal(err)
			}
			return dir
		}, "the page has more than 16 MB, so it is not checked"},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := Run(t.Context(), Options{Dir: c.dir(t)})
			if len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) {
				t.Errorf("got %+v, want %q", problems, c.want)
			}
		})
	}
}

func TestLinksAndPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and permissions are other ones on Windows")
	}
	outside := filepath.Join(t.TempDir(), "page.html")
	write(t, outside, "<style></style>")
	dir := app(t, panel)
	page := filepath.Join(dir, "static/index.html")
	if err := os.Remove(page); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, page); err != nil {
		t.Fatal(err)
	}
	// A loop must not keep the check busy.
	if err := os.Symlink(dir, filepath.Join(dir, "static/loop")); err != nil {
		t.Fatal(err)
	}
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.Contains(got, "the page cannot be read") {
		t.Errorf("a page outside of the folder: got\n%s", got)
	}
	if os.Getuid() == 0 {
		return // root reads everything
	}
	dir = app(t, panel, "static/secret/x", "")
	if err := os.Chmod(filepath.Join(dir, "static/secret"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "static/secret"), 0o700)
	if got := report(t, dir, Run(t.Context(), Options{Dir: dir})); !strings.Contains(got, "static/secret error: cannot be read: permission denied") {
		t.Errorf("a folder without permission: got\n%s", got)
	}
}
