//go:build !js

package nesting

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exempt files may call encoding/json themselves.
var exempt = []string{
	"bridgetest/",        // for native tests: it gets only what the test itself sends
	"internal/stubhost/", // for our own tests
}

// TestPackagesUseNesting checks that the packages of bridge use this package, because encoding/json recurses for
// each level.
func TestPackagesUseNesting(t *testing.T) {
	files := 0
	root := filepath.Join("..", "..", "bridge")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if slices.ContainsFunc(exempt, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files++
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == "json" && slices.Contains(callsItself, selector.Sel.Name) {
				t.Errorf("%s calls json.%s; use package nesting", name, selector.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were checked", files)
	}
}

var callsItself = []string{"Unmarshal", "NewDecoder", "Marshal", "MarshalIndent", "NewEncoder", "Valid", "Compact", "Indent"}
