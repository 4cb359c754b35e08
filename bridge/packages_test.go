//go:build !js

package bridge_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryPackageHasARunnableExample checks that each public package has an example that go test runs.
func TestEveryPackageHasARunnableExample(t *testing.T) {
	packages := 0
	for _, root := range []string{".", filepath.Join("..", "secret")} {
		err := filepath.WalkDir(root, func(folder string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || !entry.IsDir():
				return err
			case entry.Name() == "internal" || entry.Name() == "testdata":
				return filepath.SkipDir
			}
			packages++
			if n := runnable(t, folder); n == 0 {
				t.Errorf("package %s has no Example with an Output", folder)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if packages < 15 {
		t.Errorf("only %d packages were found", packages)
	}
}

// runnable returns the number of examples in a folder that have an output.
func runnable(t *testing.T, folder string) (n int) {
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range doc.Examples([]*ast.File{file}...) {
			if strings.TrimSpace(e.Output) != "" || e.EmptyOutput {
				n++
			}
		}
	}
	return n
}
