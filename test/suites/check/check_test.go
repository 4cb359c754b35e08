// Package check compares forgego check with Atlassian's published checks, @forge/manifest and @forge/lint, over manifests
// that were written for this and over mutations of them.
//
// It needs Node.js and the npm packages of test/atlassian (make setup):
//
//	go test -count=1
//
// UPDATE=1 rewrites the table in docs/check.md.
package check

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/check"
)

const testdata = "../../../internal/check/testdata"

// finding is what Atlassian's checks report. Level is "error", "warning", or "crash" if a check itself failed.
type finding struct {
	Level   string
	Message string
	Line    int
}

// atlassian returns what Atlassian's checks find in each folder.
func atlassian(t *testing.T, folders []string) [][]finding {
	t.Helper()
	input, err := json.Marshal(folders)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/atlassian.mjs")
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(input)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node testdata/atlassian.mjs: %v (npm packages missing? run: make setup)", err)
	}
	var answers [][]finding
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(folders) {
		t.Fatalf("%d answers for %d folders", len(answers), len(folders))
	}
	return answers
}

// manifest is a manifest to compare.
type manifest struct {
	// name says where it comes from, and kind is its row in the table.
	name, kind string
	text       string
}

// folders writes each manifest into a folder with the files that the manifests name.
func folders(t *testing.T, manifests []manifest) []string {
	t.Helper()
	root := t.TempDir()
	files := os.DirFS(filepath.Join(testdata, "app"))
	var list []string
	for i, m := range manifests {
		dir := filepath.Join(root, fmt.Sprint(i))
		if err := os.CopyFS(dir, files); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte(m.text), 0o644); err != nil {
			t.Fatal(err)
		}
		list = append(list, dir)
	}
	return list
}

// read returns the manifests in a folder of testdata.
func read(t *testing.T, folder, kind string) []manifest {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdata, folder, "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no manifests in %s: %v", folder, err)
	}
	var list []manifest
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, manifest{folder + "/" + filepath.Base(file), kind, string(text)})
	}
	return list
}

func errorsOf(found []finding) (list []string) {
	for _, f := range found {
		if f.Level == "error" {
			list = append(list, fmt.Sprintf("%d: %s", f.Line, f.Message))
		}
	}
	return list
}

// ours returns what forgego check finds in a folder.
func ours(t *testing.T, dir string) (errors, all []string) {
	t.Helper()
	for _, p := range check.Run(context.Background(), check.Options{Dir: dir}) {
		if strings.HasSuffix(p.Message, "(forgego dev refuses it)") {
			continue // This is not about Forge.
		}
		text := fmt.Sprintf("%d: %s", p.Line, p.Message)
		all = append(all, text)
		if p.Severity == check.Error {
			errors = append(errors, text)
		}
	}
	return errors, all
}

func TestCompare(t *testing.T) {
	manifests := read(t, "manifests", "without a fault")
	faults := read(t, "faults", "written for a rule")
	for _, m := range manifests {
		faults = append(faults, mutations(t, m)...)
	}
	manifests = append(manifests, faults...)
	if len(manifests) < 300 {
		t.Fatalf("only %d manifests", len(manifests))
	}
	dirs := folders(t, manifests)
	table := newTable()
	for i, theirs := range atlassian(t, dirs) {
		m := manifests[i]
		errors, all := ours(t, dirs[i])
		accepted := len(errorsOf(theirs)) == 0
		crashed := false
		for _, f := range theirs {
			crashed = crashed || f.Level == "crash"
		}
		switch {
		case accepted && !crashed && len(errors) > 0:
			t.Errorf("%s: Atlassian accepts it, but we report errors: %q\n%s", m.name, errors, m.text)
		case m.kind == "without a fault" && !accepted:
			t.Errorf("%s: Atlassian refuses it: %q", m.name, errorsOf(theirs))
		}
		table.add(m.kind, len(theirs) > 0, len(all) > 0)
		if len(theirs) > 0 && len(all) == 0 {
			t.Logf("only they: %s: %q", m.name, theirs[0].Message)
		}
		if len(theirs) == 0 && len(all) > 0 && os.Getenv("VERBOSE") != "" {
			t.Logf("only we: %s: %q", m.name, all[0])
		}
	}
	table.compare(t)
}
