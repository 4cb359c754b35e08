//go:build linux

package devloop

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// use is what the loop takes from the system.
type use struct{ goroutines, files, children, heap int }

// heapMargin is how much larger the heap may be, in bytes: what the loop knows of files differs a little.
const heapMargin = 2 << 20

// within reports whether the use is not above an earlier one.
func (u use) within(before use) bool {
	return u.goroutines <= before.goroutines && u.files <= before.files && u.children <= before.children && u.heap <= before.heap+heapMargin
}

// used measures it when nothing is going on.
func (r *running) used() (u use) {
	r.t.Helper()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		r.t.Fatal(err)
	}
	children := 0
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(tasks) == 0 {
		r.t.Fatalf("the kernel does not list child processes: %v", err)
	}
	for _, task := range tasks {
		text, _ := os.ReadFile(task) // the thread may have ended
		children += len(strings.Fields(string(text)))
	}
	return use{runtime.NumGoroutine(), len(files), children, int(memory.HeapAlloc)}
}

// Hundreds of saves of all kinds come, some while builds run. In the end, the page and the backend are what is on the disk,
// and the loop uses no more than after the first change.
func TestRandomSaves(t *testing.T) {
	const saves = 500
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("FORGEGO_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("FORGEGO_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := run(t, "backend/main.go", backendThat("", "answer 0"))
	number := 0
	text := func() string { number++; return fmt.Sprintf("text %d.", number) }
	program := func(text string) string { return "package words\n\nconst Hello = \"" + text + "\"\n" }
	page := func(text string) string { return "<!doctype html><title>" + text + "</title>" }
	// restore writes everything as it should be in the end, with new texts, and waits until that is what is served.
	restore := func() {
		words, answer, title, style := text(), text(), text(), text()
		r.write("words/words.go", program(words))
		r.write("frontend/main.go", frontendText)
		r.remove("frontend/more.go", "backend/more.go")
		r.write("go.mod", goMod)
		r.write("manifest.yml", strings.Replace(manifestText, "Before", title, 1))
		r.write("forgego.yml", devText)
		r.write("static/index.html", page(title))
		r.write("static/style.css", "/* "+style+" */")
		r.write("backend/main.go", backendThat("", answer))
		r.untilProgram("main", words)
		r.waitForNoProblems()
		r.until("the backend answers", func() bool { return r.backendURL() != "" && r.get(r.backendURL()) == answer })
		r.quiet()
		for url, want := range map[string]string{r.Host().URL(): title, r.Host().AppURL() + "main/": title, r.Host().AppURL() + "main/style.css": style} {
			if got := r.get(url); !strings.Contains(got, want) {
				t.Errorf("%s is %.300q, want %q in it", url, got, want)
			}
		}
	}
	r.waitFor(EventReady, "", "")
	restore()
	first := r.used()

	file := func(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }
	cheap := []func(){
		func() { r.write("static/style.css", "/* "+text()+" */") },
		func() { r.write("static/index.html", page(text())) },
		func() { r.write(fmt.Sprintf("static/pictures/%d/a.svg", random.IntN(5)), text()) },
		func() { r.remove(fmt.Sprintf("static/pictures/%d", random.IntN(5))) },
		func() { r.remove("static/pictures") },
		func() { _ = os.Rename(file("static/pictures"), file("static/moved")) }, // one of them may not exist
		func() { _ = os.Rename(file("static/moved"), file("static/pictures")) },
		func() { r.remove("static/style.css") },
		func() { _ = os.Symlink(r.dir, file("static/pictures/circle")) },
		// Some editors write in place, and a save may be seen half.
		func() { _ = os.WriteFile(file("static/index.html"), []byte("<!doc"), 0o644) },
	}
	config := []func(){
		func() { r.write("manifest.yml", strings.Replace(manifestText, "Before", text(), 1)) },
		func() { r.write("manifest.yml", manifestText[:random.IntN(len(manifestText))]) },
		func() { r.remove("manifest.yml") },
		func() { r.write("forgego.yml", devText+"# "+text()+"\n") },
		func() { r.write("forgego.yml", devText[:random.IntN(len(devText))]) },
		func() { r.write("forgego.yml", onlyFrontend) },
		func() { r.write("forgego.yml", onlyBackend) },
		func() { r.remove("forgego.yml") },
	}
	expensive := []func(){
		func() { r.write("words/words.go", program(text())) },
		func() { r.write("words/words.go", "package words\n\nconst Hello =\n") },
		func() { r.write("frontend/main.go", frontendText+"// "+text()+"\n") },
		func() { r.write("frontend/more.go", "package main\n\nfunc init() { println(\""+text()+"\") }\n") },
		func() { r.remove("frontend/more.go") },
		func() { r.remove("frontend") },
		func() { r.write("backend/main.go", backendThat("", text())) },
		func() { r.write("backend/main.go", backendThat("os.Exit(3)", text())) },
		func() { r.write("backend/main.go", backendThat("select {}", text())) },
		func() { r.write("backend/more.go", "package main\n\noops\n") },
		func() { r.remove("backend/more.go") },
		func() { r.remove("words", "backend") },
		func() { r.remove("static") },
		func() { r.write("go.mod", "module\n") },
		func() { r.write("go.mod", goMod+"// "+text()+"\n") },
	}
	kinds := [][]func(){cheap, cheap, cheap, config, expensive}
	for i := range saves {
		kind := kinds[random.IntN(len(kinds))]
		kind[random.IntN(len(kind))]()
		switch {
		case i%50 == 49:
			restore()
		case i%10 == 9: // the next saves come while something is done
			// The last ten may have changed nothing. This one does.
			r.write("static/style.css", "/* "+text()+" */")
			select {
			case <-r.progress:
			case <-time.After(patience):
				t.Fatal("nothing happens")
			}
		}
	}
	r.mu.Lock()
	r.events, r.seen = nil, 0 // They are the test's.
	r.mu.Unlock()
	last := r.used()
	// Connections and go commands end some time after their last use.
	for limit := time.Now().Add(patience); time.Now().Before(limit) && !last.within(first); last = r.used() {
		runtime.Gosched()
	}
	t.Logf("after the first change %+v, after all %+v", first, last)
	if !last.within(first) {
		t.Errorf("after the first change %+v, after all %+v", first, last)
	}
}
