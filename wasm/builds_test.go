//go:build !js

package wasm_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryBuildHasTheSameExports checks that the public packages export the same names with the same types in a page and
// elsewhere, so that editors and go doc know them.
func TestEveryBuildHasTheSameExports(t *testing.T) {
	seen := 0
	for _, folder := range publicFolders(t) {
		page, elsewhere := exportsOf(t, folder, "js", "wasm"), exportsOf(t, folder, "linux", "amd64")
		seen += len(page)
		for _, name := range slices.Sorted(maps.Keys(page)) {
			if elsewhere[name] != page[name] {
				t.Errorf("%s: in a page %q is %q, elsewhere %q", folder, name, page[name], elsewhere[name])
			}
		}
		for _, name := range slices.Sorted(maps.Keys(elsewhere)) {
			if page[name] == "" {
				t.Errorf("%s: %q is missing in a page", folder, name)
			}
		}
	}
	if seen < 100 {
		t.Errorf("the test found only %d exports", seen)
	}
}

// publicFolders returns the folders of the packages that apps may import.
func publicFolders(t *testing.T) (folders []string) {
	t.Helper()
	for _, root := range []string{"../wasm", "../bridge", "../jsglue", "../remote"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || !d.IsDir():
				return err
			case d.Name() == "internal" || d.Name() == "testdata":
				return filepath.SkipDir
			}
			folders = append(folders, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folders
}

// exportsOf returns the exported names of a folder's package in a build, each with its kind or type.
func exportsOf(t *testing.T, folder, goos, goarch string) map[string]string {
	t.Helper()
	build := build.Default
	build.GOOS, build.GOARCH = goos, goarch
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]string{}
	for _, path := range files {
		matches, err := build.MatchFile(filepath.Split(path))
		if err != nil {
			t.Fatal(err)
		}
		if !matches || strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = text(t, set, d.Recv.List[0].Type) + "." + name
				}
				if d.Name.IsExported() && ast.IsExported(strings.TrimPrefix(name, "*")) {
					exports[name] = text(t, set, d.Type)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for _, name := range names(spec) {
						if name.IsExported() {
							exports[name.Name] = d.Tok.String()
						}
					}
				}
			}
		}
	}
	return exports
}

// names returns the names that a declaration declares.
func names(spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{spec.Name}
	case *ast.ValueSpec:
		return spec.Names
	}
	return nil
}

func text(t *testing.T, set *token.FileSet, node any) string {
	t.Helper()
	var b strings.Builder
	if err := printer.Fprint(&b, set, node); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
