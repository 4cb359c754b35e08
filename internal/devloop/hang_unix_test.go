//go:build unix

package devloop

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A go command that never ends is stopped by the next save, and by the end of the loop.
func TestBuildThatNeverEnds(t *testing.T) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	hangs, hanging := filepath.Join(bin, "hangs"), filepath.Join(bin, "hanging")
	script := "#!/bin/sh\nif [ -e '" + hangs + "' ]; then echo >>'" + hanging + "'; sleep 1000 & wait; fi\nexec '" + goCommand + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	r := run(t, "backend/main.go", backendThat("", "first"))
	r.untilProgram("main", "first words")
	r.until("the backend is up", func() bool { return r.backendURL() != "" && r.get(r.backendURL()) == "first" })
	// When this change is seen, the dependencies are known.
	r.skip()
	r.write("backend/main.go", backendThat("", "changed"))
	r.waitFor(EventBackend, "api", "ready")

	hang := func(second string) {
		r.skip()
		_ = os.Remove(hanging)
		if err := os.WriteFile(hangs, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		r.write("words/words.go", strings.Replace(wordsText, "first", second, 1))
		r.write("backend/main.go", backendThat("", second))
		r.waitFor(EventBuild, "main", "started")
		for limit := time.Now().Add(patience); ; runtime.Gosched() {
			if _, err := os.Stat(hanging); err == nil {
				break
			}
			if time.Now().After(limit) {
				t.Fatal("the go command does not hang")
			}
		}
	}
	hang("lost")
	if err := os.Remove(hangs); err != nil {
		t.Fatal(err)
	}
	r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
	r.write("backend/main.go", backendThat("", "second"))
	r.untilProgram("main", "second words")
	r.until("the new backend is up", func() bool { return r.get(r.backendURL()) == "second" })
	r.waitForNoProblems()
	hang("third")
	r.end()
}
