//go:build !js

package usercode

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// own lists functions that start goroutines and call the app's code only through this package.
var own = map[string]string{
	"q.drain": "calls the app's function by Call",
	"r.serve": "calls the app's functions by Call",
	"attempt": "calls the app's Fetcher by Call",
}

// TestGoroutinesUseThisPackage checks that each goroutine of the front end's packages runs the app's code through this package. A
// panic there would otherwise end the program.
func TestGoroutinesUseThisPackage(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	for _, folder := range []string{"bridge", "wasm"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				start, ok := n.(*ast.GoStmt)
				if !ok {
					return true
				}
				seen++
				name := nameOf(start.Call.Fun)
				if own[name] == "" && !strings.HasPrefix(name, "usercode.") && !usesThis(start) {
					t.Errorf("%s: this goroutine does not use package usercode", set.Position(start.Pos()))
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen == 0 {
		t.Error("the test found no go statement, so it checks nothing")
	}
}

func usesThis(n ast.Node) (uses bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && strings.HasPrefix(nameOf(call.Fun), "usercode.") {
			uses = true
		}
		return true
	})
	return uses
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	}
	return ""
}
