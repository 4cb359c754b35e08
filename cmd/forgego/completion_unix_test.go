//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// inPath makes forgego a command of that name in a new folder, and returns an environment with the folder in PATH.
func inPath(t *testing.T) (env []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(forgego, filepath.Join(dir, "forgego")); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "TERM=dumb", "PS1=$ ")
}

// TestCompletionInBash runs the script's function in bash, as bash does for the words of a line.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	env := inPath(t)
	for _, c := range []struct {
		words []string
		want  []string
	}{
		{[]string{"b"}, []string{"build"}},
		{[]string{"d"}, []string{"dev", "doctor"}},
		{[]string{"comp"}, []string{"completion"}}, // and not the hidden command
		{[]string{"build", "--"}, []string{"--brotli", "--compiler", "--gzip", "--help", "--no-gzip", "--out", "--version", "--watch"}},
		{[]string{"build", "--watch", "--no"}, []string{"--no-gzip"}},
		{[]string{"dev", "--addr", "x", "--op"}, []string{"--open"}},
		{[]string{"build", "--compiler", ""}, []string{"go", "tinygo"}},
		{[]string{"build", "--compiler", "=", "t"}, []string{"tinygo"}},
		{[]string{"build", "--compiler", "="}, []string{"go", "tinygo"}},
		{[]string{"new", "--template", "p"}, []string{"page", "panel"}},
		{[]string{"new", "--product", ""}, []string{"confluence", "jira"}},
		{[]string{"completion", ""}, []string{"bash", "fish", "zsh"}},
		{[]string{"help", "bui"}, []string{"build"}},
		{[]string{"build", "examples"}, nil}, // a folder: bash completes it
		{[]string{"build", "--out", "b"}, nil},
		{[]string{"nothing", "--x"}, nil},
		{[]string{"build", "it's", "$(touch x)", "--wa"}, []string{"--watch"}},
	} {
		script := "source <(forgego completion bash)\nCOMP_WORDS=(forgego \"$@\")\nCOMP_CWORD=$#\n_forgego\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
		bash := exec.CommandContext(t.Context(), "bash", append([]string{"--norc", "-c", script, "bash"}, c.words...)...)
		bash.Env, bash.Dir = env, t.TempDir()
		out, err := bash.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := strings.Fields(string(out)); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.words, got, c.want)
		}
	}
}

// TestCompletionInTerminal types in an interactive bash and presses the tab key.
func TestCompletionInTerminal(t *testing.T) {
	t.Parallel()
	bash := exec.CommandContext(t.Context(), "bash", "--norc", "--noprofile", "-i")
	bash.Env, bash.Dir = inPath(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(bash.Dir, "my-app"), 0o755); err != nil {
		t.Fatal(err)
	}
	terminal, err := pty.Start(bash)
	if err != nil {
		t.Fatal(err)
	}
	screen := newWatched()
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := terminal.Read(buffer)
			if err != nil {
				return
			}
			_, _ = screen.Write(buffer[:n])
		}
	}()
	t.Cleanup(func() {
		_ = bash.Process.Kill()
		_ = bash.Wait()
		terminal.Close()
	})
	typed := func(text string) {
		t.Helper()
		if _, err := terminal.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	typed("source <(forgego completion bash); echo loaded $((1 + 1))\n")
	screen.waitFor(t, "loaded 2")
	typed("echo forgego b\x01\x0b") // a line that is not run: readline is awake
	typed("forgego bui\t--wat\tmy-\t")
	screen.waitFor(t, "forgego build --watch my-app/")
}
