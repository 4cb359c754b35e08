package tinygo

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/internal/bundle"
)

// greetingApp creates an app from programs/greeting. It has its own module, as a user's app has, and its remote runs in
// this test.
func greetingApp(t *testing.T) (dir string) {
	t.Helper()
	names := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "authorization")
		if r.Method == http.MethodOptions {
			return
		}
		if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(w, `{"name":"Ada"}`)
	}))
	t.Cleanup(names.Close)
	t.Setenv("GOFLAGS", "-mod=mod") // go.mod names the modules that the program imports, but not the modules that these need
	dir = t.TempDir()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("../../programs/greeting")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sums))
	write(t, filepath.Join(dir, "go.mod"), "module example.com/greeting\n\ngo 1.26\n\nrequire (\n\tgithub.com/forgego/forgego v0.0.0\n\tgithub.com/hack-pad/safejs v0.1.0\n)\n\n"+
		"replace github.com/forgego/forgego => "+root+"\n")
	write(t, filepath.Join(dir, "forgego.yml"), "frontends:\n  main:\n    package: ./frontend\nremotes:\n  names:\n    url: "+names.URL+"\n")
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// running is a command whose output a test reads line by line.
type running struct {
	t     *testing.T
	lines chan string
}

// start starts a command that ends with the test.
func start(t *testing.T, name string, args ...string) *running {
	t.Helper()
	// The command must end as with Ctrl-C, before the files of the test are removed.
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{t, make(chan string, 1000)}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			r.lines <- s.Text()
		}
		close(r.lines)
	}()
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		in.Close()
		ended <- err
	}()
	t.Cleanup(func() { <-ended })
	return r
}

// wait reads lines until one matches, and returns the first group.
func (r *running) wait(pattern string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Minute)
	defer cancel()
	expression := regexp.MustCompile(pattern)
	var all []string
	for {
		select {
		case line, ok := <-r.lines:
			all = append(all, line)
			if match := expression.FindStringSubmatch(line); match != nil {
				return match[len(match)-1]
			}
			if !ok {
				r.t.Fatalf("it ended without printing %s:\n%s", pattern, strings.Join(all, "\n"))
			}
		case <-ctx.Done():
			r.t.Fatalf("it did not print %s:\n%s", pattern, strings.Join(all, "\n"))
		}
	}
}

// TestCommandServesAndBuilds checks that the app is on the local host's page, that "forgego build --compiler tinygo" writes a
// small program and a script for TinyGo, and that the page has that program after a reload.
func TestCommandServesAndBuilds(t *testing.T) {
	dir := greetingApp(t)
	dev := start(t, forgego, "dev", "--addr", "127.0.0.1:0", "--compiler", "tinygo", dir)
	page := chromium.Open(t, dev.wait(`^ready: (http://127\.0\.0\.1:\d+/)$`))
	page.Wait("the app's iframe", `document.querySelector("iframe")`)
	frame := page.Iframe(page.String(`new URL(document.querySelector("iframe").src).origin`))
	shows := func(greeting string) {
		t.Helper()
		frame.Wait(greeting, `document.getElementById("app")?.textContent === "`+greeting+`, Ada"`)
	}
	shows("Good morning")
	edit(t, dir, "Good morning", "Good evening")
	if _, said := output(t, ".", forgego, "build", "--compiler", "tinygo", dir); !strings.Contains(said, "building ./frontend by TinyGo\n") {
		t.Errorf("forgego build printed:\n%s", said)
	}
	if size := len(read(t, filepath.Join(dir, "static", bundle.Program))); size > 1_000_000 {
		t.Errorf("the program has %d bytes, want at most a million", size)
	}
	if script := read(t, filepath.Join(dir, "static", bundle.Script)); !strings.Contains(string(script), "TinyGo") {
		t.Error("the script is not TinyGo's")
	}
	page.Reload()
	shows("Good evening")
}

// TestCompilerErrorsSayWhatToDo checks that the error text is helpful if TinyGo cannot compile a program.
func TestCompilerErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct{ name, old, new, says string }{
		{"an error of the program", `"Good morning"`, "morning", "main_js.go:13:18: undefined: morning"},
		{"a package that TinyGo has not", `"context"`, `"context"; _ "net/http"`, "TinyGo does not compile net/http for a page; use package bridge itself, or build with --compiler go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := greetingApp(t)
			edit(t, dir, c.old, c.new)
			said, err := exec.CommandContext(t.Context(), forgego, "build", "--compiler", "tinygo", dir).CombinedOutput()
			if err == nil || !strings.Contains(string(said), c.says) {
				t.Errorf("%v; it printed:\n%s", err, said)
			}
		})
	}
}

// edit replaces a text of the app's program.
func edit(t *testing.T, dir, old, new string) {
	t.Helper()
	file := filepath.Join(dir, "frontend", "main_js.go")
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), old) != 1 {
		t.Fatalf("%s has %s %d times (%v)", file, old, strings.Count(string(text), old), err)
	}
	write(t, file, strings.Replace(string(text), old, new, 1))
}
