package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestNew checks the command outside a terminal: it asks nothing, and the app can be used at once. The suite tutorial of the
// folder test/ builds and tests the apps.
func TestNew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "My Notes")
	c := start(t, "", "new", dir)
	if status := c.wait(); status != 0 {
		t.Fatalf("exit status %d, want 0; output:\n%s", status, c.stderr)
	}
	c.noMoreOutput()
	for _, want := range []string{"Wrote " + dir + ": a panel in Jira's work items.\n", "\n  cd '" + dir + "'\n", "\n  forgego dev "} {
		if !strings.Contains(c.stderr.String(), want) {
			t.Errorf("the output does not contain %q:\n%s", want, c.stderr)
		}
	}
	text := readFile(t, dir, "go.mod")
	mod, err := modfile.Parse("go.mod", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	clone, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if mod.Module.Mod.Path != "example.com/my-notes" || len(mod.Replace) != 1 || mod.Replace[0].New.Path != clone {
		t.Errorf("go.mod does not use the clone %s:\n%s", clone, text)
	}
	if !strings.Contains(text, "modernc.org/sqlite v") || readFile(t, dir, "go.sum") == "" {
		t.Errorf("the modules that the app needs are missing:\n%s", text)
	}
	if manifest := readFile(t, dir, "manifest.yml"); !strings.Contains(manifest, "title: My Notes\n") {
		t.Errorf("manifest.yml is\n%s", manifest)
	}
	if got := fails(t, 1, "", "new", dir); !strings.Contains(got, "forgego: "+dir+" has the file or folder .gitignore: the folder is not empty; choose a new one, or an empty one\n") {
		t.Errorf("the second time:\n%s", got)
	}
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNewErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		status int
		want   string
		args   []string
	}{
		{2, `expected "<dir>"`, nil},
		{2, "--template must be one of", []string{"--template", "gadget", "notes"}},
		{2, "--backend must be one of", []string{"--backend", "rust", "notes"}},
		{1, "the first part of the module path \"notes\" has no dot", []string{"--module", "notes", dir}},
		{1, "the module path is not valid", []string{"--module", "example.com/No tes", dir}},
		{1, "the name has 61 characters", []string{"--name", strings.Repeat("x", 61), dir}},
		{1, "the template macro does not exist in the product \"jira\"; use confluence", []string{"--template", "macro", "--product", "jira", dir}},
		{1, "is not a clone of forgego", []string{"--forgego", dir, dir}},
		{1, "is a file; choose the name of a new folder", []string{"new_test.go"}},
	} {
		if got := fails(t, c.status, "", append([]string{"new"}, c.args...)...); !strings.Contains(got, c.want) {
			t.Errorf("%v: the output does not contain %q:\n%s", c.args, c.want, got)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("the folder has %v (%v)", entries, err)
	}
}

// TestNewInWorkspace checks the hint for a folder in a workspace, and the name of the module in a module.
func TestNewInWorkspace(t *testing.T) {
	t.Parallel()
	outer := makeApp(t, "go.mod", "module git.example.com/all\n\ngo 1.26.0\n", "go.work", "go 1.26.0\n\nuse .\n")
	dir := filepath.Join(outer, "notes")
	c := start(t, "", "new", "--backend", "none", dir)
	if status := c.wait(); status != 0 || !strings.Contains(c.stderr.String(), "\n  go work use .   # the folder is in the workspace "+filepath.Join(outer, "go.work")+"\n") {
		t.Errorf("exit status %d, output:\n%s", status, c.stderr)
	}
	if text := readFile(t, dir, "go.mod"); !strings.HasPrefix(text, "module git.example.com/all/notes\n") {
		t.Errorf("go.mod is\n%s", text)
	}
}
