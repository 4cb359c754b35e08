package devloop

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
)

// Each save makes exactly one build of each unit that depends on the file.
func TestOneBuildForEachChange(t *testing.T) {
	t.Parallel()
	const twoFrontends = onlyBackend + onlyFrontend + "  second:\n    package: ./other\n"
	r := run(t, "forgego.yml", twoFrontends,
		"manifest.yml", strings.Replace(manifestText, "remotes:", "  - key: second\n    path: more\nremotes:", 1),
		"other/main.go", strings.Replace(frontendText, "words.Hello", `"other", words.Hello`, 1), "other/data.txt", "not embedded",
		"more/index.html", "<!doctype html>",
		"backend/main.go", backendThat("", "first"))
	r.waitFor(EventReady, "", "")
	styles := 0
	// A style sheet that is saved last shows that nothing else is to come: changes are applied in their order, and a job
	// begins before the next batch.
	settle := func(t *testing.T) {
		t.Helper()
		styles++
		r.skip()
		r.write("static/style.css", "p { order: "+strings.Repeat("1", styles)+" }")
		r.waitFor(EventReload, "main", string(devhost.StyleSheets))
	}
	// When a change of each is seen, the dependencies are known.
	r.skip()
	r.write("words/words.go", strings.Replace(wordsText, "first", "changed", 1))
	r.write("backend/main.go", backendThat("", "changed"))
	r.waitFor(EventBackend, "api", "ready")
	for _, name := range []string{"main", "second"} {
		r.untilProgram(name, "changed words")
	}
	r.write("words/words.go", wordsText)
	for _, name := range []string{"main", "second"} {
		r.untilProgram(name, "first words")
	}
	r.quiet()
	settle(t)
	r.quiet()
	for _, c := range []struct {
		name string
		save func()
		want map[string]int
	}{
		{"another time of a file", func() {
			if err := os.Chtimes(filepath.Join(r.dir, "words", "words.go"), time.Time{}, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, nil},
		{"a file of one front end", func() { r.write("frontend/main.go", frontendText+"// 1\n") }, map[string]int{"main": 1}},
		{"a package of both front ends", func() { r.write("words/words.go", wordsText+"// 1\n") }, map[string]int{"main": 1, "second": 1}},
		{"a file of the backend", func() { r.write("backend/main.go", backendThat("", "second")) }, map[string]int{"api": 1}},
		{"go.mod", func() { r.write("go.mod", goMod+"// 1\n") }, map[string]int{"main": 1, "second": 1, "api": 1}},
		{"the same content again", func() { r.write("frontend/main.go", frontendText+"// 1\n") }, nil},
		{"a file of tests", func() { r.write("words/words_test.go", "package words\n") }, nil},
		{"a file beside the program", func() { r.write("other/data.txt", "still not embedded") }, nil},
		{"a style sheet", func() { r.write("static/other.css", "p {}") }, nil},
		{"a page", func() {
			r.write("static/index.html", "<!doctype html><title>Other</title>")
			r.waitFor(EventReload, "main", string(devhost.AppPage))
		}, nil},
		{"manifest.yml", func() {
			r.write("manifest.yml", strings.Replace(strings.Replace(manifestText, "remotes:", "  - key: second\n    path: more\nremotes:", 1), "Before", "After", 1))
		}, map[string]int{"main": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := r.builds()
			r.skip()
			c.save()
			for name, count := range c.want {
				want := before[name] + count
				r.until("the build of "+name+" has begun", func() bool { return r.builds()[name] >= want })
			}
			r.quiet()
			settle(t)
			settle(t)
			r.quiet()
			got := map[string]int{}
			for name, count := range r.builds() {
				if count > before[name] {
					got[name] = count - before[name]
				}
			}
			if want := c.want; !maps.Equal(got, want) {
				t.Errorf("built %v, want %v", got, want)
			}
		})
	}
}
