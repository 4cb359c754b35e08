package newapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/forgego/forgego/internal/check"
	"github.com/forgego/forgego/internal/manifest"
)

// all returns an app of each kind.
func all(t *testing.T) (apps []App) {
	t.Helper()
	for _, template := range []string{Panel, Page, Macro} {
		for _, product := range Products(template) {
			for _, backend := range []bool{true, false} {
				apps = append(apps, App{Name: "Notes", Module: "example.com/notes", Product: product, Template: template, Backend: backend, Source: Source{Version: "v1.2.3"}})
			}
		}
	}
	for _, product := range Products(React) {
		apps = append(apps, App{Name: "Notes", Module: "example.com/notes", Product: product, Template: React, Backend: true, Source: Source{Version: "v1.2.3"}})
	}
	if len(apps) != 12 {
		t.Fatalf("there are %d kinds of apps, want 12", len(apps))
	}
	return apps
}

func TestWrite(t *testing.T) {
	for _, app := range all(t) {
		name := app.Template + "-" + app.Product
		if app.Backend {
			name += "-backend"
		}
		t.Run(name, func(t *testing.T) {
			app.Name = "# 5 <Notes>: \"R&D\", 日本語" // a text that needs quotes in YAML and HTML
			dir := filepath.Join(t.TempDir(), "in", "notes")
			if err := app.Write(dir); err != nil {
				t.Fatal(err)
			}
			problems := check.Run(t.Context(), check.Options{Dir: dir})
			notBuilt := `the program of resource "main" is not built yet`
			if app.Template == React {
				notBuilt = `the folder "dist" of resource "main" does not exist`
			}
			if len(problems) != 1 || problems[0].Message != notBuilt {
				t.Errorf("forgego check finds %+v, want only that the app is not built", problems)
			}
			if app.Template == React && len(problems) > 0 && !strings.Contains(problems[0].Fix, "npm run build") {
				t.Errorf("forgego check advises %q", problems[0].Fix)
			}
			read, err := manifest.LoadApp(dir)
			if err != nil {
				t.Fatal(err)
			}
			if got := read.Title("main"); got != app.Name {
				t.Errorf("the title is %q, want %q", got, app.Name)
			}
			if _, hasFrontend := read.Dev.Frontends["main"]; !hasFrontend || len(read.Dev.Remotes) == 1 != app.Backend {
				t.Errorf("forgego.yml has the front ends %v and the remotes %v", read.Dev.Frontends, read.Dev.Remotes)
			}
			wanted := []string{".gitignore", "README.md", "go.mod", "frontend/main_js.go", "static/index.html", "static/controls.css"}
			if app.Template == React {
				wanted = []string{".gitignore", "README.md", "go.mod", "src/logic/main_js.go", "index.html", "src/controls.css", "package.json", "vite-plugin-forgego.js"}
			}
			if app.Backend {
				wanted = append(wanted, "backend/main.go", "backend/backend_test.go")
			}
			for _, file := range wanted {
				if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || strings.Contains(string(text), "<no value>") {
					t.Errorf("%s: %v\n%s", file, err, text)
				}
			}
			err = filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
				if err != nil || filepath.Ext(name) != ".go" {
					return err
				}
				text, err := os.ReadFile(name)
				if strings.ContainsAny(string(text), "“”") {
					t.Errorf("gofmt has made a curly quote in %s of two straight ones or backquotes", name)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(dir, "config", "config.go")); (err == nil) != (app.Template == Macro) {
				t.Errorf("config/config.go: %v", err)
			}
			if err := app.Write(dir); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("the second time: got %v, want ErrNotEmpty", err)
			}
		})
	}
}

// TestReactVersions checks that a new React app gets the packages with which the suites test it.
func TestReactVersions(t *testing.T) {
	type project struct{ Dependencies, DevDependencies map[string]string }
	var made, tested project
	read := func(file string, to *project) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "notes")
	if err := (App{Name: "Notes", Module: "example.com/notes", Product: Jira, Template: React, Backend: true, Source: Source{Version: "v1.2.3"}}).Write(dir); err != nil {
		t.Fatal(err)
	}
	read(filepath.Join(dir, "package.json"), &made)
	read("../../test/react/package.json", &tested)
	maps.Copy(made.DevDependencies, made.Dependencies)
	if len(made.DevDependencies) < 5 {
		t.Errorf("package.json names %v", made.DevDependencies)
	}
	for name, version := range made.DevDependencies {
		if want := tested.DevDependencies[name]; version != want {
			t.Errorf("a new app has %s %s, but the suites test %q", name, version, want)
		}
	}
}

func TestWriteFolder(t *testing.T) {
	app := all(t)[0]
	t.Run("repository without files", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := app.Write(dir); err != nil {
			t.Error(err)
		}
	})
	t.Run("file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "notes")
		if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		err := app.Write(file)
		if text, _ := os.ReadFile(file); err == nil || !strings.Contains(err.Error(), "is a file") || string(text) != "mine" {
			t.Errorf("got %v, and the file has %q", err, text)
		}
	})
	t.Run("other files", func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "manifest.yml")
		if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		err := app.Write(dir)
		if text, _ := os.ReadFile(file); !errors.Is(err, ErrNotEmpty) || !strings.Contains(err.Error(), "manifest.yml") || string(text) != "mine" {
			t.Errorf("got %v, and the file has %q", err, text)
		}
	})
	t.Run("below a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := app.Write(filepath.Join(file, "notes")); err == nil {
			t.Error("there is no error")
		}
	})
}

// TestWriteFails checks that nothing is left if a file cannot be written: here because its folder's name is taken between
// the check of the folder and the write.
func TestWriteFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "notes")
	beforeFile = func(name string) {
		if filepath.Base(name) == "README.md" {
			if err := os.WriteFile(name, []byte("mine"), 0o644); err != nil {
				t.Error(err)
			}
		}
	}
	defer func() { beforeFile = nil }()
	if err := all(t)[0].Write(dir); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want ErrExist", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "README.md" {
		t.Errorf("the folder has %v (%v), want only the file of somebody else", entries, err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "README.md")); string(text) != "mine" {
		t.Errorf("the file was overwritten: %q", text)
	}
}

func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*App){
		"the name is empty":                              func(a *App) { a.Name = " " },
		"starts or ends with a space":                    func(a *App) { a.Name = " Notes" },
		"has characters that cannot be shown":            func(a *App) { a.Name = "No\ntes" },
		"the name has 61 characters":                     func(a *App) { a.Name = strings.Repeat("ä", 61) },
		"the module path is empty":                       func(a *App) { a.Module = "" },
		"has no dot":                                     func(a *App) { a.Module = "notes" },
		`use one such as example.com/my-notes`:           func(a *App) { a.Module = "My Notes" },
		"the module path is not valid":                   func(a *App) { a.Module = "example.com/my notes" },
		`invalid char 'ä'`:                               func(a *App) { a.Module = "example.com/ä" },
		"belongs to forgego":                             func(a *App) { a.Module = "github.com/forgego/forgego/notes" },
		"the template react has a backend":               func(a *App) { a.Template = React; a.Backend = false },
		`there is no template "gadget"`:                  func(a *App) { a.Template = "gadget" },
		`does not exist in the product "jira"; use conf`: func(a *App) { a.Template = Macro; a.Product = Jira },
		"nothing says where":                             func(a *App) { a.Source = Source{} },
	} {
		app := all(t)[0]
		change(&app)
		dir := filepath.Join(t.TempDir(), "notes")
		if err := app.Write(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: the folder was created", want)
		}
	}
}

func TestDefaults(t *testing.T) {
	for dir, want := range map[string][2]string{
		"notes":         {"Notes", "example.com/notes"},
		"team-notes":    {"Team notes", "example.com/team-notes"},
		"My Notes":      {"My Notes", "example.com/my-notes"},
		"übersicht":     {"Übersicht", "example.com/app"},
		"a_b.c":         {"A b c", "example.com/a-b-c"},
		"--":            {"App", "example.com/app"},
		"日本語":           {"日本語", "example.com/app"},
		"con":           {"Con", "example.com/con"},
		"x/y/notes/":    {"Notes", "example.com/notes"},
		"x/../notes/./": {"Notes", "example.com/notes"},
	} {
		dir := filepath.Join(t.TempDir(), dir)
		if got := [2]string{DefaultName(dir), DefaultModule(dir)}; got != want {
			t.Errorf("%s: got %q, want %q", dir, got, want)
		}
	}
	here := filepath.Join(t.TempDir(), "here")
	if err := os.Mkdir(here, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	if got := DefaultName("."); got != "Here" {
		t.Errorf("the name of . is %q, want Here", got)
	}
}

// TestDefaultModuleInside checks that an app inside a module, or inside a workspace, is named after it.
func TestDefaultModuleInside(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module git.example.com/all // ours\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, want := DefaultModule(filepath.Join(dir, "apps", "notes")), "git.example.com/all/apps/notes"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	t.Setenv("GOWORK", "")
	if got := Workspace(filepath.Join(dir, "apps")); got != "" {
		t.Errorf("got the workspace %s, want none", got)
	}
	work := filepath.Join(dir, "go.work")
	if err := os.WriteFile(work, []byte("go 1.26.0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := Workspace(filepath.Join(dir, "apps")); got != work {
		t.Errorf("got the workspace %s, want %s", got, work)
	}
	t.Setenv("GOWORK", "off")
	if got := Workspace(filepath.Join(dir, "apps")); got != "" {
		t.Errorf("GOWORK=off: got the workspace %s, want none", got)
	}
}

func TestFindSource(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	want := Source{Version: noVersion, Replace: modfile.AutoQuote(filepath.ToSlash(root))}
	for _, clone := range []string{"", "../.."} {
		if got, err := FindSource(clone); got != want || err != nil {
			t.Errorf("%q: got %+v, %v, want %+v", clone, got, err, want)
		}
	}
	if _, err := FindSource(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not a clone of forgego") {
		t.Errorf("got %v", err)
	}
}

// TestGoMod checks the file of a clone and that of a release.
func TestGoMod(t *testing.T) {
	app := all(t)[0]
	for _, source := range []Source{{Version: "v1.2.3"}, {Version: noVersion, Replace: `"/a clone/of it"`}} {
		app.Source = source
		dir := filepath.Join(t.TempDir(), "notes")
		if err := app.Write(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		file, err := modfile.Parse("go.mod", text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if file.Module.Mod.Path != app.Module || len(file.Require) != 1 || file.Require[0].Mod.Version != source.Version {
			t.Errorf("go.mod is\n%s", text)
		}
		if source.Replace == "" != (len(file.Replace) == 0) || source.Replace != "" && file.Replace[0].New.Path != "/a clone/of it" {
			t.Errorf("go.mod is\n%s", text)
		}
		own, err := os.ReadFile("../../go.mod")
		if err != nil {
			t.Fatal(err)
		}
		if forgego, err := modfile.Parse("go.mod", own, nil); err != nil || forgego.Go.Version != file.Go.Version {
			t.Errorf("the app has Go %s, forgego %s (%v)", file.Go.Version, forgego.Go.Version, err)
		}
	}
}

// TestExampleHasTheStyleSheet checks that examples/hello looks as new apps do.
func TestExampleHasTheStyleSheet(t *testing.T) {
	ours, err := fs.ReadFile(templates, "template/all/static/controls.css")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../../examples/hello/static/controls.css")
	if err != nil || !bytes.Equal(example, ours) {
		t.Errorf("examples/hello/static/controls.css is not a copy of internal/newapp/template/all/static/controls.css (%v)", err)
	}
}

// TestTokens checks that the values in the style sheet are those of the local host's themes, which a test compares with
// Atlassian's package.
func TestTokens(t *testing.T) {
	sheet, err := fs.ReadFile(templates, "template/all/static/controls.css")
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.ReadFile("../../devhost/page/product/designtokens.js")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, m := range regexp.MustCompile(`\['([a-z-]+)', '(#\w+)', '(#\w+)'\]`).FindAllStringSubmatch(string(host), -1) {
		known[m[1]] = []string{strings.ToLower(m[2]), strings.ToLower(m[3])}
	}
	found := regexp.MustCompile(`var\(--ds-([a-z-]+), light-dark\((#\w+), (#\w+)\)\)`).FindAllStringSubmatch(string(sheet), -1)
	if len(found) < 30 {
		t.Errorf("the style sheet has %d colors", len(found))
	}
	for _, m := range found {
		if !slices.Equal(known[m[1]], m[2:]) {
			t.Errorf("--ds-%s: the style sheet has %s, the local host %s", m[1], m[2:], known[m[1]])
		}
	}
}
