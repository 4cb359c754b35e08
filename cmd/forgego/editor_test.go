package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

func TestEditorCommand(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       []string
	}{
		{"placeholders", "code -g {file}:{line}:{column}", []string{"code", "-g", "{file}:{line}:{column}"}},
		{"Visual Studio Code", "code", []string{"code", "-g", "{file}:{line}:{column}"}},
		{"Cursor by path", "/opt/bin/cursor --reuse-window", []string{"/opt/bin/cursor", "--reuse-window", "-g", "{file}:{line}:{column}"}},
		{"Zed", "zed", []string{"zed", "{file}:{line}:{column}"}},
		{"Sublime Text on Windows", "subl.exe", []string{"subl.exe", "{file}:{line}:{column}"}},
		{"another", "gvim", []string{"gvim", "+{line}", "{file}"}},
		{"quotes", `"/Applications/My Editor" 'a b' ""`, []string{"/Applications/My Editor", "a b", "", "+{line}", "{file}"}},
	} {
		e, err := newEditor(c.line, t.TempDir())
		if err != nil || !slices.Equal(e.command, c.want) {
			t.Errorf("%s: got %q (%v), want %q", c.name, e.command, err, c.want)
		}
	}
	for line, want := range map[string]string{" ": "--editor has no program", `code "x`: `a " is missing`} {
		if _, err := newEditor(line, t.TempDir()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error that contains %q", line, err, want)
		}
	}
}

func TestEditorFiles(t *testing.T) {
	root := t.TempDir()
	elsewhere := t.TempDir()
	for _, name := range []string{"module/go.mod", "module/app/main.go", "module/lib/lib.go", "outside.go"} {
		write(t, filepath.Join(root, filepath.FromSlash(name)), "x")
	}
	listed := filepath.Join(elsewhere, "listed.go")
	write(t, listed, "x")
	link := filepath.Join(root, "module", "app", "link.go")
	if err := os.Symlink(filepath.Join(root, "outside.go"), link); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	e, err := newEditor("code", filepath.Join(root, "module", "app"))
	if err != nil {
		t.Fatal(err)
	}
	e.problems = func() []devhost.Problem { return []devhost.Problem{{Places: []devhost.Place{{File: listed}}}} }
	for _, c := range []struct {
		name, file string
		allowed    bool
	}{
		{"in the app's folder", filepath.Join(root, "module", "app", "main.go"), true},
		{"in the app's module", filepath.Join(root, "module", "lib", "lib.go"), true},
		{"a problem's place", listed, true},
		{"outside", filepath.Join(root, "outside.go"), false},
		{"upwards", filepath.Join(root, "module", "app") + "/../../outside.go", false},
		{"a link out of the folder", link, false},
		{"a folder", filepath.Join(root, "module", "lib"), false},
		{"no such file", filepath.Join(root, "module", "none.go"), false},
		{"a zero byte", listed + "\x00", false},
		{"nothing", "", false},
	} {
		if _, err := e.file(c.file); (err == nil) != c.allowed {
			t.Errorf("%s: got %v; allowed: %v", c.name, err, c.allowed)
		}
	}
}

// The file's name reaches the editor as one argument, without a shell.
func TestEditorOpens(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the editor of this test is a shell script")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "a b;$(touch hacked).go")
	write(t, file, "x")
	script, got := filepath.Join(dir, "edit"), filepath.Join(dir, "got")
	write(t, script, "#!/bin/sh\nprintf '%s|' \"$@\" > '"+got+"'\n")
	if err := os.Chmod(script, 0o755); err != nil {
		t.Fatal(err)
	}
	e, err := newEditor(script+" {file}:{line}:{column} {line}", dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.open(devhost.Place{File: file, Line: 7}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(got)
	real, realErr := filepath.EvalSymlinks(file)
	if err != nil || realErr != nil || string(text) != real+":7:1|7|" {
		t.Errorf("the editor got %q (%v, %v)", text, err, realErr)
	}
	e.command = []string{filepath.Join(dir, "none")}
	if err := e.open(devhost.Place{File: file}); err == nil || !strings.Contains(err.Error(), "the editor did not open") {
		t.Errorf("without the program: got %v", err)
	}
}
