package bundle

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/watch"
)

// tree makes a folder with files, and returns its path as the go command prints it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	return dir
}

// show returns the paths of roots, relative to dir: folders of packages with "/*", trees with "/**".
func show(t *testing.T, dir string, roots []watch.Root) string {
	t.Helper()
	var all []string
	for _, r := range roots {
		rel, err := filepath.Rel(dir, r.Path)
		if err != nil || !filepath.IsLocal(rel) {
			t.Errorf("%s is outside the app", r.Path)
		}
		name := filepath.ToSlash(rel)
		switch {
		case r.Recursive:
			name += "/**"
		case r.Match != nil:
			name += "/*"
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func frontendDeps(t *testing.T, dir, want string) {
	t.Helper()
	roots, err := Deps(t.Context(), Options{Dir: dir, Package: "frontend"})
	if err != nil {
		t.Fatal(err)
	}
	if got := show(t, dir, roots); got != want {
		t.Errorf("depends on\n%s\nwant\n%s", got, want)
	}
}

const (
	appModule = "module example.com/app\n\ngo 1.26\n"
	// appFiles are those that describe the module appModule in the folder.
	appFiles = "go.mod go.sum go.work go.work.sum vendor/modules.txt"
)

func TestDeps(t *testing.T) {
	t.Run("packages of the app", func(t *testing.T) {
		dir := tree(t, map[string]string{
			"go.mod":             appModule,
			"frontend/main.go":   "package main\n\nimport (\n\t\"fmt\"\n\t\"example.com/app/model\"\n)\n\nfunc main() { fmt.Println(model.A) }\n",
			"model/model.go":     "package model\n\nvar A = 1\n",
			"model/a_test.go":    "package model\n\nimport _ \"example.com/app/tested\"\n",
			"tested/t.go":        "package tested\n",
			"model/js.go":        "//go:build js\n\npackage model\n\nimport _ \"example.com/app/page\"\n",
			"model/other.go":     "//go:build !js\n\npackage model\n\nimport _ \"example.com/app/native\"\n",
			"model/tinygo.go":    "//go:build tinygo\n\npackage model\n\nimport _ \"example.com/app/tiny\"\n",
			"page/p.go":          "package page\n",
			"native/n.go":        "package native\n",
			"tiny/t.go":          "package tiny\n",
			"extra/e.go":         "package extra\n",
			"remote/main.go":     "package main\n\nimport _ \"example.com/app/model\"\n\nfunc main() {}\n",
			"remote/tags.go":     "//go:build more\n\npackage main\n\nimport _ \"example.com/app/extra\"\n",
			"remote/single/a.go": "package main\n\nimport _ \"example.com/app/page\"\n\nfunc main() {}\n",
		})
		frontendDeps(t, dir, "frontend/* go.mod go.sum go.work go.work.sum model/* page/* vendor/modules.txt")
		roots, err := Deps(t.Context(), Options{Dir: dir, Package: "frontend", Compiler: TinyGo})
		if got := show(t, dir, roots); err != nil || !strings.Contains(got, " tiny/*") {
			t.Errorf("with TinyGo it depends on %s (%v)", got, err)
		}
		for command, want := range map[string]string{
			"go run ./remote":                          "go.mod go.sum go.work go.work.sum model/* native/* remote/* vendor/modules.txt",
			"go run -tags more example.com/app/remote": "extra/* go.mod go.sum go.work go.work.sum model/* native/* remote/* vendor/modules.txt",
			"go run -C remote -tags=more . serve":      "extra/* go.mod go.sum go.work go.work.sum model/* native/* remote/* vendor/modules.txt",
			"go run remote/single/a.go":                "go.mod go.sum go.work go.work.sum page/* remote/single/* vendor/modules.txt",
		} {
			r, ok := ParseGoRun(strings.Fields(command))
			if !ok {
				t.Fatal(command)
			}
			roots, err := r.Deps(t.Context(), dir, nil)
			if got := show(t, dir, roots); err != nil || got != want {
				t.Errorf("%s depends on\n%s (%v)\nwant\n%s", command, got, err, want)
			}
		}
	})

	t.Run("a replaced module", func(t *testing.T) {
		dir := tree(t, map[string]string{
			"app/go.mod":           appModule + "require example.org/lib v1.0.0\n\nreplace example.org/lib => ../lib\n",
			"app/frontend/main.go": "package main\n\nimport (\n\t_ \"example.org/lib/used\"\n\t_ \"example.org/lib/missing\"\n)\n\nfunc main() {}\n",
			"lib/go.mod":           "module example.org/lib\n\ngo 1.26\n",
			"lib/used/u.go":        "package used\n",
			"lib/unused/u.go":      "package unused\n",
		})
		roots, err := Deps(t.Context(), Options{Dir: filepath.Join(dir, "app"), Package: "./frontend"})
		want := "app/frontend/* app/go.mod app/go.sum app/go.work app/go.work.sum app/vendor/modules.txt lib/go.mod lib/missing/* lib/used/*"
		if got := show(t, dir, roots); err != nil || got != want {
			t.Errorf("depends on\n%s (%v)\nwant\n%s", got, err, want)
		}
	})

	t.Run("a workspace", func(t *testing.T) {
		dir := tree(t, map[string]string{
			"go.work":          "go 1.26\n\nuse (\n\t./frontend\n\t./lib\n\t./other\n)\n",
			"frontend/go.mod":  appModule,
			"frontend/main.go": "package main\n\nimport _ \"example.org/lib\"\n\nfunc main() {}\n",
			"lib/go.mod":       "module example.org/lib\n\ngo 1.26\n",
			"lib/l.go":         "package lib\n",
			"other/go.mod":     "module example.org/other\n\ngo 1.26\n",
		})
		frontendDeps(t, dir, "frontend/* frontend/go.mod frontend/go.sum frontend/go.work frontend/go.work.sum frontend/vendor/modules.txt "+
			"go.work go.work.sum lib/* lib/go.mod lib/go.sum lib/vendor/modules.txt other/go.mod other/go.sum other/vendor/modules.txt vendor/modules.txt")
	})

	t.Run("vendored packages", func(t *testing.T) {
		dir := tree(t, map[string]string{
			"go.mod":                           appModule + "require example.org/lib v1.0.0\n",
			"frontend/main.go":                 "package main\n\nimport _ \"example.org/lib\"\n\nfunc main() {}\n",
			"vendor/modules.txt":               "# example.org/lib v1.0.0\n## explicit; go 1.26\nexample.org/lib\n",
			"vendor/example.org/lib/lib.go":    "package lib\n\nimport _ \"embed\"\n\n//go:embed page.html\nvar S string\n",
			"vendor/example.org/lib/page.html": "",
		})
		frontendDeps(t, dir, "frontend/* go.mod go.sum go.work go.work.sum vendor/example.org/lib/* vendor/example.org/lib/page.html/** vendor/modules.txt")
	})

	t.Run("an import of a package that does not exist yet", func(t *testing.T) {
		dir := tree(t, map[string]string{"go.mod": appModule, "frontend/main.go": "package main\n\nfunc main() {}\n"})
		frontendDeps(t, dir, "frontend/* "+appFiles)
		put(t, filepath.Join(dir, "frontend", "main.go"), "package main\n\nimport _ \"example.com/app/new\"\n\nfunc main() {}\n")
		frontendDeps(t, dir, "frontend/* go.mod go.sum go.work go.work.sum new/* vendor/modules.txt")
		put(t, filepath.Join(dir, "new", "n.go"), "package new\n\nimport _ \"example.com/app/more\"\n")
		put(t, filepath.Join(dir, "more", "m.go"), "package more\n")
		frontendDeps(t, dir, "frontend/* go.mod go.sum go.work go.work.sum more/* new/* vendor/modules.txt")
	})

	t.Run("a file without a module", func(t *testing.T) {
		dir := tree(t, map[string]string{"main.go": "package main\n\nfunc main() {}\n"})
		r, _ := ParseGoRun([]string{"go", "run", "main.go"})
		roots, err := r.Deps(t.Context(), dir, nil)
		if got := show(t, dir, roots); err != nil || got != "./* go.mod" {
			t.Errorf("depends on %s (%v)", got, err)
		}
	})

	t.Run("packages that do not compile", func(t *testing.T) {
		dir := tree(t, map[string]string{
			"go.mod":           appModule,
			"frontend/main.go": "package main\n\nimport (\n\t_ \"example.com/app/a\"\n\t_ \"example.com/app/b\"\n\t_ \"example.com/app/c\"\n)\n\nfunc main() { this is wrong\n",
			"a/a.go":           "package a\n\nimport \"unfinished\n",
			"b/b.go":           "",
			"c/c.go":           "package c\n",
			"c/d.go":           "package d\n",
		})
		frontendDeps(t, dir, "a/* b/* c/* frontend/* go.mod go.sum go.work go.work.sum vendor/modules.txt")
	})
}

func TestDepsReturnsWhatIsKnownWithAnError(t *testing.T) {
	dir := tree(t, map[string]string{"go.mod": appModule + "nonsense\n", "frontend/main.go": "package main\n\nfunc main() {}\n"})
	o := Options{Dir: dir, Package: "frontend"}
	roots, err := Deps(t.Context(), o)
	if _, ok := errors.AsType[*CompileError](err); !ok || !strings.Contains(err.Error(), "unknown directive: nonsense") {
		t.Errorf("%T %v", err, err)
	}
	if got := show(t, dir, roots); got != "frontend/* "+appFiles {
		t.Error(got)
	}

	put(t, filepath.Join(dir, "go.mod"), appModule)
	put(t, filepath.Join(dir, "go.work"), "nonsense\n")
	if roots, err = Deps(t.Context(), o); err == nil || show(t, dir, roots) != "frontend/* "+appFiles {
		t.Error(show(t, dir, roots), err)
	}

	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	if _, err := Deps(ctx, o); !errors.Is(err, stopped) {
		t.Error(err)
	}

	o.Env = []string{"PATH=" + t.TempDir()}
	t.Setenv("PATH", t.TempDir())
	if roots, err := Deps(t.Context(), o); !errors.Is(err, ErrNoGo) || len(roots) == 0 {
		t.Error(roots, err)
	}
}

func TestDepsSeeNewFiles(t *testing.T) {
	dir := tree(t, map[string]string{
		"go.mod":                      appModule,
		"frontend/main.go":            "package main\n\nimport \"embed\"\n\n//go:embed pages/*.html static all:every *.txt\nvar files embed.FS\n\nfunc main() {}\n",
		"frontend/pages/a.html":       "1",
		"frontend/static/deep/a.css":  "1",
		"frontend/every/.hidden":      "1",
		"frontend/a.txt":              "1",
		"frontend/unrelated/notes.md": "1",
	})
	roots, err := Deps(t.Context(), Options{Dir: dir, Package: "frontend"})
	if err != nil {
		t.Fatal(err)
	}
	w := watch.New(watch.Options{})
	defer w.Close()
	if err := w.Set(map[string][]watch.Root{"main": roots}); err != nil {
		t.Fatal(err)
	}
	want, left := map[string]bool{}, map[string]bool{}
	for _, name := range []string{
		"frontend/pages/new.html", "frontend/static/new/deep/b.css", "frontend/every/_b/c", "frontend/b.txt", "frontend/new.go", "frontend/new.s", "go.sum", "go.work",
	} {
		want[name], left[name] = true, true
		put(t, filepath.Join(dir, filepath.FromSlash(name)), "2")
	}
	for _, name := range []string{
		"frontend/pages/new.css", "frontend/static/.hidden/f", "frontend/static/_f", "frontend/a_test.go", "frontend/_a.go", "frontend/unrelated/a.md", "frontend/unrelated/a.go", "README.md",
	} {
		put(t, filepath.Join(dir, filepath.FromSlash(name)), "2")
	}
	// This is the last.
	put(t, filepath.Join(dir, "frontend", "main.go"), "package main\n")
	want["frontend/main.go"], left["frontend/main.go"] = true, true
	for len(left) > 0 {
		select {
		case batch := <-w.Changes():
			for _, c := range batch {
				name, _ := filepath.Rel(dir, c.Path)
				if name = filepath.ToSlash(name); !want[name] {
					t.Fatalf("%s %s", name, c.Op)
				}
				delete(left, name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("not reported: %v", left)
		}
	}
}

func TestEmbeds(t *testing.T) {
	for _, c := range []struct {
		pattern string
		all     bool
		file    string
		want    bool
	}{
		{"a.html", false, "a.html", true},
		{"a.html", false, "b/a.html", false},
		{"*.html", false, "a.html", true},
		{"*.html", false, "b/a.html", false},
		{"*", false, "b/c/a.html", true},
		{"*", false, ".hidden", true}, // as a name that the pattern matches
		{"*", false, "b/.hidden", false},
		{"*", true, "b/.hidden", true},
		{"b", false, "b/_c/d", false},
		{"b", false, "bc/d", false},
		{"b/[xy]", false, "b/x/d", true},
		{"b/[xy]", false, "b/z", false},
		{"[", false, "[", false},
	} {
		if got := embeds(c.pattern, c.all, c.file); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}
