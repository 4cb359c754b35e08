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

	"github.com/forgego/forgego/internal/testlog"
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

// shells are the shells with a script: how to start one that asks its user, and how it loads the script.
var shells = []struct {
	name, load string
	args       []string
}{
	{"bash", "source <(forgego completion bash)", []string{"--norc", "--noprofile", "-i"}},
	{"zsh", "autoload -Uz compinit; compinit -D -u; source <(forgego completion zsh)", []string{"-f", "-i"}},
	{"fish", "forgego completion fish | source", []string{"--no-config", "--private", "-i"}},
}

// TestCompletionInTerminal types in each shell and presses the tab key. The shell then prints the words of the line.
//
// Without zsh or fish it is skipped there, which "make test-go" and "make check" say.
func TestCompletionInTerminal(t *testing.T) {
	t.Parallel()
	for _, shell := range shells {
		t.Run(shell.name, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(shell.name)
			if err != nil && shell.name != "bash" {
				t.Skipf("%s is not installed (Debian: apt-get install %s)", shell.name, shell.name)
			}
			cmd := exec.CommandContext(t.Context(), program, shell.args...)
			cmd.Dir = t.TempDir()
			cmd.Env = append(inPath(t), "TERM=xterm", "HOME="+cmd.Dir, "XDG_DATA_HOME="+cmd.Dir, "XDG_CONFIG_HOME="+cmd.Dir)
			if err := os.Mkdir(filepath.Join(cmd.Dir, "my-app"), 0o755); err != nil {
				t.Fatal(err)
			}
			terminal, screen := shellInTerminal(t, cmd)
			line := func(text string) {
				t.Helper()
				if _, err := terminal.WriteString(text); err != nil {
					t.Fatal(err)
				}
			}
			line(shell.load + "; printf '<%s>' the script is loaded\n")
			screen.Wait(t, "<the><script><is><loaded>")
			for typed, want := range map[string]string{
				"forgego bui\t--wat\tmy-\t":             "<forgego><build><--watch><my-app",
				"forgego build --compiler=t\t":          "<forgego><build><--compiler=tinygo>",
				"forgego build --compiler tin\t":        "<forgego><build><--compiler><tinygo>",
				"forgego dev --addr '$(x)' --ope\t":     "<forgego><dev><--addr><$(x)><--open>",
				"forgego new --template pan\t --prod\t": "<forgego><new><--template><panel><--product>",
				"forgego completion fi\t":               "<forgego><completion><fish>",
				"forgego help doc\t":                    "<forgego><help><doctor>",
			} {
				line(typed + "\x01printf '<%s>' \n") // control-A goes to the start of the line
				screen.Wait(t, want)
			}
		})
	}
}

// TestCompletionInFish asks fish itself for all candidates of a line.
func TestCompletionInFish(t *testing.T) {
	t.Parallel()
	fish, err := exec.LookPath("fish")
	if err != nil {
		t.Skip("fish is not installed (Debian: apt-get install fish)")
	}
	env := inPath(t)
	for line, want := range map[string][]string{
		"forgego d":                 {"dev", "doctor"},
		"forgego build --compiler ": {"go", "tinygo"},
		"forgego build --compiler=": {"--compiler=go", "--compiler=tinygo"},
		"forgego completion ":       {"bash", "fish", "zsh"},
		"forgego build examples":    nil,
		"forgego build it\\'s --wa": {"--watch"},
	} {
		cmd := exec.CommandContext(t.Context(), fish, "--no-config", "--private", "-c", "forgego completion fish | source; complete -C $argv[1]", line)
		cmd.Dir = t.TempDir()
		cmd.Env = append(env, "HOME="+cmd.Dir)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := strings.Fields(string(out)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

// shellInTerminal starts a shell in a terminal, and returns that and what it shows. The shell is ended with the test.
func shellInTerminal(t *testing.T, cmd *exec.Cmd) (*os.File, *testlog.Log) {
	t.Helper()
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	screen := &testlog.Log{}
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
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		terminal.Close()
		if t.Failed() {
			t.Logf("the terminal shows:\n%q", screen)
		}
	})
	return terminal, screen
}
