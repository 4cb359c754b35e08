package devloop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

func TestFileThatIsWrongFromTheStart(t *testing.T) {
	t.Parallel()
	t.Run("go.mod", func(t *testing.T) {
		t.Parallel()
		r := run(t, "go.mod", "module\n")
		r.untilProblem("frontend main", filepath.Join(r.dir, "go.mod")+":1:")
		r.untilProblem("remote api", "go.mod:1")
		r.write("go.mod", goMod)
		r.waitForNoProblems()
		r.untilProgram("main", "first words")
	})
	t.Run("no Go file", func(t *testing.T) {
		t.Parallel()
		r := run(t, "forgego.yml", onlyFrontend, "frontend/main.go", "")
		r.untilProblem("frontend main", "main.go:1: expected 'package'")
		r.remove("frontend/main.go")
		r.untilProblem("frontend main", "no Go files")
		r.write("frontend/other.go", frontendText)
		r.waitForNoProblems()
		r.untilProgram("main", "first words")
	})
}

func TestFoldersThatAreRemoved(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", onlyFrontend)
	r.untilProgram("main", "first words")
	t.Run("the front end's package", func(t *testing.T) {
		r.remove("frontend")
		r.untilProblem("frontend main", "frontend")
		r.write("frontend/main.go", strings.Replace(frontendText, "words.Hello", `"again " + words.Hello`, 1))
		r.waitForNoProblems()
		r.untilProgram("main", "again first words")
	})
	t.Run("the front end's package, while forgego.yml is read", func(t *testing.T) {
		r.remove("frontend")
		r.write("forgego.yml", onlyFrontend+"# changed\n")
		r.untilProblem(configProblem, `no folder "./frontend"`)
		r.write("frontend/main.go", frontendText)
		r.waitForNoProblems()
		r.untilProgram("main", "first words")
	})
	t.Run("a package that it imports", func(t *testing.T) {
		r.remove("words")
		r.untilProblem("frontend main", "example.com/app/words")
		r.write("words/words.go", strings.Replace(wordsText, "first", "other", 1))
		r.waitForNoProblems()
		r.untilProgram("main", "other words")
	})
	t.Run("the resource", func(t *testing.T) {
		r.remove("static")
		r.until("the program was built again", func() bool {
			_, err := os.Stat(filepath.Join(r.dir, "static", "app.wasm"))
			return err == nil
		})
		r.skip()
		r.write("static/style.css", "p {}")
		r.wait("a reload", func(e devhost.Event) bool { return e.Type == EventReload && e.Name == "main" })
		r.untilProgram("main", "other words")
	})
	t.Run("a script that the build writes", func(t *testing.T) {
		exists := func(name string) func() bool {
			return func() bool {
				_, err := os.Stat(filepath.Join(r.dir, "static", name))
				return err == nil
			}
		}
		r.write("static/index.html", `<!doctype html><script src="forgego.js" data-program="app.wasm" data-worker defer></script>`)
		r.write("words/words.go", strings.Replace(wordsText, "first", "more", 1))
		r.untilProgram("main", "more words")
		for _, name := range []string{"forgego.js", "forgego.worker.js", "forgego.page.js"} {
			r.until("there is "+name, exists(name))
			r.remove("static/" + name)
			r.until(name+" was built again", exists(name))
		}
	})
	t.Run("a file stands where the resource was", func(t *testing.T) {
		r.remove("static")
		r.write("static", "not a folder")
		r.untilProblem("frontend main", "static")
		r.remove("static")
		r.write("words/words.go", wordsText)
		r.waitForNoProblems()
		r.untilProgram("main", "first words")
	})
	t.Run("manifest.yml", func(t *testing.T) {
		r.remove("manifest.yml")
		r.untilProblem(configProblem, "manifest.yml")
		r.write("manifest.yml", strings.Replace(manifestText, "Before", "After", 1))
		r.waitForNoProblems()
		if !strings.Contains(r.get(r.Host().URL()), "After") {
			t.Error("the page has the old title")
		}
	})
	t.Run("forgego.yml", func(t *testing.T) {
		r.skip()
		r.remove("forgego.yml")
		r.wait("forgego.yml was read", func(e devhost.Event) bool {
			return e.Type == EventConfig && strings.Contains(e.Name, "forgego.yml") && e.Status == "ok"
		})
		r.write("forgego.yml", onlyFrontend)
		r.write("words/words.go", strings.Replace(wordsText, "first", "last", 1))
		r.untilProgram("main", "last words")
	})
}

// A key in manifest.yml and in forgego.yml is changed in two saves. Between them, the files do not fit together.
func TestRemoteIsRenamed(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", onlyBackend, "backend/main.go", backendThat("", "one answer"))
	r.waitFor(EventBackend, "api", "ready")
	renamed := func(text string) string { return strings.Replace(text, "api", "tasks", 1) }
	t.Run("first in manifest.yml", func(t *testing.T) {
		r.write("manifest.yml", strings.Replace(manifestText, "key: api", "key: tasks", 1))
		r.untilProblem(configProblem, `no remote "api"`)
		r.answers("one answer")
		r.write("forgego.yml", renamed(onlyBackend))
		r.waitFor(EventBackend, "tasks", "ready")
		r.waitForNoProblems()
		if got := r.get(r.Host().RemoteURL("tasks")); got != "one answer" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("first in forgego.yml", func(t *testing.T) {
		r.write("forgego.yml", onlyBackend)
		r.untilProblem(configProblem, `no remote "api"`)
		r.write("manifest.yml", manifestText)
		r.waitFor(EventBackend, "api", "ready")
		r.waitForNoProblems()
		r.answers("one answer")
	})
}

// forgego.yml and manifest.yml name files that may appear later.
func TestFilesThatAreMissing(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", "realtime: off\n")
	t.Run("a fixture", func(t *testing.T) {
		r.write("forgego.yml", "userRecommendations: data/users.json\n")
		r.untilProblem(configProblem, "data/users.json")
		r.write("data/users.json", "[]")
		r.waitForNoProblems()
		r.waitFor(EventReload, "", string(devhost.ProductPage))
		r.write("data/users.json", "[ ]")
		r.waitFor(EventConfig, "users.json", "ok")
		r.waitFor(EventReload, "", string(devhost.AppPage))
	})
	t.Run("translations", func(t *testing.T) {
		r.write("manifest.yml", strings.Replace(manifestText, "title: Before", "title:\n        i18n: panel.title", 1)+
			"translations:\n  resources:\n    - key: en-US\n      path: locales/en.json\n  fallback:\n    default: en-US\n")
		r.untilProblem(configProblem, "locales/en.json")
		r.write("locales/en.json", `{"panel": {"title": "Translated"}}`)
		r.waitForNoProblems()
		if !strings.Contains(r.get(r.Host().URL()), "Translated") {
			t.Error("the page has the old title")
		}
		r.write("locales/en.json", `{"panel": `)
		r.untilProblem(configProblem, "en.json")
		r.write("locales/en.json", `{"panel": {"title": "Corrected"}}`)
		r.waitForNoProblems()
		if !strings.Contains(r.get(r.Host().URL()), "Corrected") {
			t.Error("the page has the old title")
		}
	})
}

func TestBackendsThatStartBadly(t *testing.T) {
	t.Parallel()
	r := run(t, "forgego.yml", onlyBackend, "backend/main.go", backendThat("", "first"))
	r.waitFor(EventBackend, "api", "ready")
	const waitsForFile = `for {
		if _, err := os.Stat("go on"); err == nil {
			break
		}
	}`
	t.Run("one that never listens is replaced", func(t *testing.T) {
		r.write("backend/main.go", backendThat("select {}", "never"))
		r.waitFor(EventBackend, "api", "starting")
		r.write("backend/main.go", backendThat("", "second"))
		r.waitFor(EventBackend, "api", "ready")
		r.answers("second")
	})
	t.Run("one that is slow stays if the next does not build", func(t *testing.T) {
		r.write("backend/main.go", backendThat(waitsForFile, "third"))
		r.waitFor(EventBackend, "api", "starting")
		r.write("backend/main.go", "package main\n\nfunc main() { oops }\n")
		r.untilProblem("remote api", "undefined: oops")
		r.write("go on", "")
		r.waitFor(EventBackend, "api", "ready")
		r.answers("third")
		r.untilProblem("remote api", "undefined: oops")
	})
	t.Run("one that does not end when asked is replaced", func(t *testing.T) {
		r.skip()
		r.write("backend/main.go", backendThat("signal.Ignore(syscall.SIGTERM, os.Interrupt)", "fourth"))
		r.waitFor(EventBackend, "api", "ready")
		r.answers("fourth")
		r.write("backend/main.go", backendThat("", "fifth"))
		r.waitFor(EventBackend, "api", "ready")
		r.waitForNoProblems()
		r.answers("fifth")
	})
	t.Run("one that ends at once, again and again", func(t *testing.T) {
		for i := range 3 {
			r.write("backend/main.go", backendThat(fmt.Sprintf("fmt.Println(\"out of luck %d\"); os.Exit(3)", i), "never"))
			r.untilProblem("remote api", fmt.Sprintf("out of luck %d", i))
		}
		r.write("backend/main.go", backendThat("", "sixth"))
		r.waitForNoProblems()
		r.answers("sixth")
	})
	t.Run("one whose port is in use", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		r.write("forgego.yml", onlyBackend+"    url: http://"+l.Addr().String()+"\n")
		r.untilProblem("remote api", "is used by another program")
		l.Close()
		r.Rebuild()
		r.waitForNoProblems()
		r.answers("sixth")
	})
	// The new process needs the port of the old one, which takes a while to end.
	t.Run("one that is removed from forgego.yml and added again at once", func(t *testing.T) {
		dev, err := os.ReadFile(filepath.Join(r.dir, "forgego.yml"))
		if err != nil {
			t.Fatal(err)
		}
		r.skip()
		r.write("backend/main.go", backendThat("signal.Ignore(syscall.SIGTERM, os.Interrupt)", "seventh"))
		r.waitFor(EventBackend, "api", "ready")
		r.write("forgego.yml", "realtime: off\n")
		r.waitFor(EventConfig, "forgego.yml", "ok")
		r.write("forgego.yml", string(dev))
		r.waitFor(EventBackend, "api", "stopped")
		r.waitFor(EventBackend, "api", "ready")
		r.waitForNoProblems()
		r.answers("seventh")
	})
}

// A pattern of go:embed may change without a change of the folder that it is about.
func TestEmbedPatternChanges(t *testing.T) {
	t.Parallel()
	embeds := func(pattern string) string {
		return "package main\n\nimport \"embed\"\n\n//go:embed " + pattern + "\nvar files embed.FS\n\nfunc main() { println(files.ReadDir(\".\")) }\n"
	}
	r := run(t, "forgego.yml", onlyFrontend, "frontend/main.go", embeds("data/*.txt"), "frontend/data/a.txt", "text one", "frontend/data/a.md", "mark one")
	r.untilProgram("main", "text one")
	r.write("frontend/main.go", embeds("data/*.md"))
	r.untilProgram("main", "mark one")
	r.write("frontend/data/a.md", "mark two")
	r.untilProgram("main", "mark two")
}

// Saves that come while the dependencies are not known yet must not be lost.
func TestSavesDuringTheFirstBuild(t *testing.T) {
	t.Parallel()
	r := run(t)
	r.waitFor(EventBuild, "main", "started")
	r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
	r.write("backend/main.go", backendThat("", "second answer"))
	r.write("manifest.yml", strings.Replace(manifestText, "Before", "After", 1))
	r.untilProgram("main", "second words")
	r.until("the backend is up", func() bool { return r.backendURL() != "" && r.get(r.backendURL()) == "second answer" })
	r.until("the manifest was read", func() bool { return strings.Contains(r.get(r.Host().URL()), "After") })
	r.waitForNoProblems()
}

// A front end may have thousands of files beside it, and links that lead in a circle.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	const count = 10_000
	r := run(t, "forgego.yml", onlyFrontend)
	r.untilProgram("main", "first words")
	if err := os.Symlink(filepath.Join(r.dir, "static"), filepath.Join(r.dir, "static", "again")); err != nil {
		t.Fatal(err)
	}
	for i := range count {
		name := filepath.Join(r.dir, "static", "styles", fmt.Sprint(i%100), fmt.Sprint(i)+".css")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("p {}"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r.waitFor(EventReload, "main", string(devhost.AppPage))
	// As soon as all of them are known, one style sheet is a change of its own.
	for i, part := 0, ""; part != string(devhost.StyleSheets); i++ {
		r.skip()
		r.write("static/styles/42/42.css", fmt.Sprintf("b { order: %d }", i))
		part = r.wait("reload main", func(e devhost.Event) bool { return e.Type == EventReload && e.Name == "main" }).Status
	}
	r.remove("static/styles")
	r.waitFor(EventReload, "main", string(devhost.AppPage))
	r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
	r.untilProgram("main", "second words")
}
