package devloop

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/clock"
)

// numbered returns the package words with a number in its text.
func numbered(number int) string {
	return strings.Replace(wordsText, "first", fmt.Sprintf("number(%d)", number), 1)
}

// numberIn returns the number in a program with the package of numbered.
func numberIn(program []byte) (number int, err error) {
	_, after, _ := bytes.Cut(program, []byte("number("))
	digits, _, _ := bytes.Cut(after, []byte(")"))
	return strconv.Atoi(string(digits))
}

// A file is saved faster than it can be built. Each build that is shown is newer than the one before, and the last save is
// built once.
func TestSavesThatDoNotPause(t *testing.T) {
	t.Parallel()
	const saves, interval = 200, 50 * time.Millisecond
	r := newApp(t, "forgego.yml", onlyFrontend, "words/words.go", numbered(0))
	var mu sync.Mutex
	var shown []int
	r.hear = func(e devhost.Event) {
		if e.Type != EventReload || e.Name != "main" {
			return
		}
		resp, err := http.Get(r.Host().AppURL() + "main/app.wasm")
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		program, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		if resp.StatusCode == http.StatusNotFound {
			return // before the first build
		}
		number, err := numberIn(program)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		shown = append(shown, number)
	}
	r.run(Options{})
	// When this change is seen, the dependencies are known.
	r.waitFor(EventBuild, "main", "ok")
	r.write("words/words.go", numbered(1))
	r.untilProgram("main", "number(1)")
	r.quiet()
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for i := range saves {
		<-ticks.C
		r.write("words/words.go", numbered(2+i))
	}
	last := 1 + saves
	r.until("the pages show the last save", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(shown) > 0 && shown[len(shown)-1] == last
	})
	r.quiet()
	if builds := r.builds()["main"]; builds > last+1 {
		t.Errorf("%d builds of %d saves", builds, last+1)
	}
	mu.Lock()
	defer mu.Unlock()
	for i, number := range shown {
		if i > 0 && number <= shown[i-1] {
			t.Errorf("the pages showed %v: one is not newer than that before it", shown)
			break
		}
	}
}

// The clock jumps while saves go on. Not parallel: the clock is that of all tests.
func TestClockJumps(t *testing.T) {
	r := newApp(t, "backend/main.go", backendThat("", "first"))
	moved := time.Duration(0)
	jump := func(d time.Duration) {
		clock.Move(d)
		moved += d
	}
	defer func() { clock.Move(-moved) }()
	save := func(name, text string) {
		r.write(name, text)
		at := time.Now().Add(moved)
		if err := os.Chtimes(filepath.Join(r.dir, filepath.FromSlash(name)), at, at); err != nil {
			t.Error(err)
		}
	}
	// What the first build depends on is not watched yet, so the times of the files count.
	first := sync.OnceFunc(func() {
		jump(-time.Hour)
		save("words/words.go", strings.Replace(wordsText, "first", "jump", 1))
	})
	r.hear = func(e devhost.Event) {
		if e.Type == EventBuild && e.Name == "main" && e.Status == "ok" {
			first()
		}
	}
	r.run(Options{})
	r.untilProgram("main", "jump words")
	r.untilAnswer("first")
	r.quiet()
	for i, d := range []time.Duration{3 * time.Hour, -24 * time.Hour, 48 * time.Hour, -20 * 365 * 24 * time.Hour} {
		jump(d)
		text := fmt.Sprintf("jump %d", i)
		save("words/words.go", strings.Replace(wordsText, "first words", text, 1))
		save("backend/main.go", backendThat("", text))
		save("manifest.yml", strings.Replace(manifestText, "Before", text, 1))
		save("static/style.css", "/* "+text+" */")
		r.untilProgram("main", text)
		r.untilAnswer(text)
		r.until("the page has the new title", func() bool { return strings.Contains(r.get(r.Host().URL()), text) })
		r.waitForNoProblems()
	}
	r.quiet()
	before := r.builds()
	r.skip()
	r.write("static/style.css", "p { order: 1 }")
	r.waitFor(EventReload, "main", string(devhost.StyleSheets))
	if after := r.builds(); after["main"] != before["main"] || after["api"] != before["api"] {
		t.Errorf("built again without a change: %v, then %v", before, after)
	}
}
