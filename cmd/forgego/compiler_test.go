package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// pathWith sets PATH to the folder of the go command and, if tinygo is a script, a folder with it.
func pathWith(t *testing.T, tinygo string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if tinygo != "" {
		file := filepath.Join(dir, "tinygo")
		write(t, file, tinygo)
		if err := os.Chmod(file, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+filepath.Join(strings.TrimSpace(string(root)), "bin"))
}

func TestCompiler(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "targets"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "targets", "wasm_exec.js"), "// TinyGo's own\n")
	calls := filepath.Join(root, "calls")
	// The fake tinygo writes the smallest complete program.
	pathWith(t, `#!/bin/sh
case "$1" in
env) echo '`+root+`';;
info) echo '{"build_tags":["tinygo"]}';;
version) echo fake;;
*) printf '\0asm\1\0\0\0\n\1\0' >"$8"; echo "$@" >'`+calls+`'
esac
`)
	called := func() string {
		text, err := os.ReadFile(calls)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}

	dir := goApp(t)
	c := start(t, "", "build", "--compiler", "tinygo", dir)
	if status := c.wait(); status != 0 || !strings.Contains(c.stderr.String(), "main: building ./frontend by TinyGo\n") {
		t.Fatalf("exit status %d, want 0; output:\n%s", status, c.stderr)
	}
	if got := called(); !strings.Contains(got, "-panic=trap") {
		t.Errorf("forgego build calls tinygo with %s; want -panic=trap", got)
	}
	dir = goApp(t)
	start(t, "", "dev", anyAddr, "--compiler=tinygo", dir).ready()
	if got := called(); !strings.Contains(got, "-panic=print") {
		t.Errorf("forgego dev calls tinygo with %s; want -panic=print", got)
	}
}

func TestCompilerErrors(t *testing.T) {
	pathWith(t, "")
	for _, command := range [][]string{{"build"}, {"dev", anyAddr}} {
		if got := fails(t, 1, "", append(command, "--compiler", "tinygo", goApp(t))...); !strings.Contains(got, "the tinygo command was not found; install TinyGo 0.41.1 or newer") {
			t.Errorf("%s without tinygo prints:\n%s", command, got)
		}
		if got := fails(t, 2, "", append(command, "--compiler", "gcc", goApp(t))...); !strings.Contains(got, `--compiler must be one of "go","tinygo"`) {
			t.Errorf("%s with an unknown compiler prints:\n%s", command, got)
		}
	}
}
