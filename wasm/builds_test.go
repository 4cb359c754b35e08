//go:build !js

package wasm_test

import (
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryBuildHasTheSameExports checks that the packages that are built in a page and elsewhere export the same names in
// both builds, with the same types and the same comments. So editors and go doc know them, and go doc has the whole text,
// whatever system it runs on.
func TestEveryBuildHasTheSameExports(t *testing.T) {
	seen, twins := 0, 0
	for _, folder := range folders(t) {
		page, elsewhere := exportsOf(t, folder, "js", "wasm"), exportsOf(t, folder, "linux", "amd64")
		seen += len(page)
		for _, name := range slices.Sorted(maps.Keys(page)) {
			here, there := page[name], elsewhere[name]
			if here.form != there.form {
				t.Errorf("%s: in a page %q is %q, elsewhere %q", folder, name, here.form, there.form)
			}
			if here.file == there.file {
				continue
			}
			twins++
			if here.comment != there.comment {
				t.Errorf("%s: %q has two comments:\n%s:\n%s\n%s:\n%s", folder, name, here.file, here.comment, there.file, there.comment)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(elsewhere)) {
			if page[name].form == "" {
				t.Errorf("%s: %q is missing in a page", folder, name)
			}
		}
	}
	if seen < 100 || twins == 0 {
		t.Errorf("the test found only %d exports, and %d in twin files", seen, twins)
	}
}

// folders returns the folders of the packages that run in a page and elsewhere: the packages that apps may import, and
// their dependencies here.
func folders(t *testing.T) (folders []string) {
	t.Helper()
	for _, root := range []string{"../wasm", "../bridge", "../jsglue", "../remote", "../secret", "../internal/notice", "../internal/page", "../internal/usercode"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || !d.IsDir():
				return err
			case d.Name() == "testdata":
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

// export is an exported name in one build.
type export struct {
	// form is the kind or the type, comment the doc comment, and file where the name is declared.
	form, comment, file string
}

// exportsOf returns the exported names of a folder's package in a build.
func exportsOf(t *testing.T, folder, goos, goarch string) map[string]export {
	t.Helper()
	build := build.Default
	build.GOOS, build.GOARCH = goos, goarch
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	exports := map[string]export{}
	for _, path := range files {
		matches, err := build.MatchFile(filepath.Split(path))
		if err != nil {
			t.Fatal(err)
		}
		if !matches || strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution|parser.ParseComments)
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
					exports[name] = export{text(t, set, d.Type), d.Doc.Text(), path}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					for _, name := range names(spec) {
						if name.IsExported() {
							exports[name.Name] = export{d.Tok.String(), d.Doc.Text() + commentOf(spec), path}
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

// commentOf returns the doc comment of one of several declarations, or "".
func commentOf(spec ast.Spec) string {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Doc.Text()
	case *ast.ValueSpec:
		return spec.Doc.Text()
	}
	return ""
}

func text(t *testing.T, set *token.FileSet, node any) string {
	t.Helper()
	var b strings.Builder
	if err := printer.Fprint(&b, set, node); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// otherForms are functions whose function parameter is no handler: what for.
var otherForms = map[string]string{
	"../wasm.OnError":             "it gets the errors",
	"../bridge.WithStates":        "the loop calls it between events",
	"../bridge/jira.OnFormInit":   "names the fields first",
	"../bridge/jira.OnFormChange": "names the fields first",
}

// TestOneStyle checks, in all packages that apps import, that options are named With… or Without…, that a function takes them
// as options, that what ends something is named stop, and that only functions are named New…. In the packages of a front end,
// handlers get a context and return an error.
func TestOneStyle(t *testing.T) {
	options, stops, handlers := 0, 0, 0
	for _, folder := range append(folders(t), "../devhost") {
		if strings.Contains(folder, "internal") {
			continue
		}
		inFrontEnd := !strings.HasPrefix(folder, "../remote") && folder != "../bridge/bridgetest" && folder != "../devhost"
		for name, e := range exportsOf(t, folder, "js", "wasm") {
			f, isFunc := parseFunc(e.form)
			if !isFunc {
				if strings.HasPrefix(name, "New") {
					t.Errorf("%s: New… is a function's name, and %s is none", folder, name)
				}
				continue
			}
			for _, parameter := range f.Params.List {
				handler, ok := parameter.Type.(*ast.FuncType)
				if !ok || !inFrontEnd || otherForms[folder+"."+name] != "" {
					continue
				}
				handlers++
				if !hasContext(handler) || !hasError(handler) {
					t.Errorf("%s: the function that %s takes should have the form func(ctx, …) error", folder, name)
				}
			}
			for _, parameter := range f.Params.List {
				if kind, ok := parameter.Type.(*ast.Ellipsis); ok && strings.HasSuffix(text(t, token.NewFileSet(), kind.Elt), "Option") && parameter.Names[0].Name != "options" {
					t.Errorf("%s: %s names its options %q, not options", folder, name, parameter.Names[0].Name)
				}
			}
			for _, result := range fieldsOf(f.Results) {
				if kind, ok := result.Type.(*ast.Ident); ok && strings.HasSuffix(kind.Name, "Option") {
					options++
					if !strings.HasPrefix(name, "With") {
						t.Errorf("%s: the option %s should be named With…", folder, name)
					}
				}
				if end, ok := result.Type.(*ast.FuncType); ok && end.Params.NumFields()+end.Results.NumFields() == 0 {
					stops++
					if len(result.Names) != 1 || result.Names[0].Name != "stop" {
						t.Errorf("%s: the function that %s returns should be named stop", folder, name)
					}
				}
			}
		}
	}
	if options == 0 || stops == 0 || handlers == 0 {
		t.Errorf("the test found %d options, %d functions that end something and %d handlers", options, stops, handlers)
	}
}

func hasContext(f *ast.FuncType) bool {
	if f.Params.NumFields() == 0 {
		return false
	}
	kind, ok := f.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && kind.Sel.Name == "Context"
}

func hasError(f *ast.FuncType) bool {
	results := fieldsOf(f.Results)
	if len(results) == 0 {
		return false
	}
	kind, ok := results[len(results)-1].Type.(*ast.Ident)
	return ok && kind.Name == "error"
}

func fieldsOf(list *ast.FieldList) []*ast.Field {
	if list == nil {
		return nil
	}
	return list.List
}

// parseFunc parses the type of a function.
func parseFunc(form string) (*ast.FuncType, bool) {
	e, err := parser.ParseExpr(form)
	if err != nil {
		return nil, false
	}
	f, ok := e.(*ast.FuncType)
	return f, ok
}

// TestSentinelsHaveNoPrefix checks that no sentinel names its package: the error that a function returns does, once. So an
// error's text does not say "bridge: … bridge: …".
func TestSentinelsHaveNoPrefix(t *testing.T) {
	prefix := regexp.MustCompile(`^"[a-z0-9]+: `)
	seen := 0
	for _, folder := range append(folders(t), "../devhost") {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range sentinels(file) {
				seen++
				if prefix.MatchString(text) {
					t.Errorf("%s: the text of %s starts with a package: %s", path, name, text)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("the test found only %d sentinels", seen)
	}
}

// TestNoInternalTypesInTheAPI checks that no exported function takes or returns a type that users cannot import.
func TestNoInternalTypesInTheAPI(t *testing.T) {
	seen := 0
	for _, folder := range append(folders(t), "../devhost") {
		if strings.Contains(folder, "internal") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			internal := map[string]bool{}
			for _, spec := range file.Imports {
				if imported := strings.Trim(spec.Path.Value, `"`); strings.Contains(imported, "/internal/") {
					name := imported[strings.LastIndexByte(imported, '/')+1:]
					if spec.Name != nil {
						name = spec.Name.Name
					}
					internal[name] = true
				}
			}
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || !f.Name.IsExported() || f.Recv != nil && !ast.IsExported(strings.TrimPrefix(text(t, set, f.Recv.List[0].Type), "*")) {
					continue
				}
				seen++
				ast.Inspect(f.Type, func(n ast.Node) bool {
					if of, ok := n.(*ast.SelectorExpr); ok {
						if name, ok := of.X.(*ast.Ident); ok && internal[name.Name] {
							t.Errorf("%s: %s has the type %s, which users cannot name", path, f.Name, text(t, set, of))
						}
					}
					return true
				})
			}
		}
	}
	if seen < 100 {
		t.Errorf("the test found only %d exported functions", seen)
	}
}

// sentinels returns the texts of the exported errors of a file by name, as they are in the source.
func sentinels(file *ast.File) map[string]string {
	texts := map[string]string{}
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			v := spec.(*ast.ValueSpec)
			if len(v.Values) != 1 || !strings.HasPrefix(v.Names[0].Name, "Err") {
				continue
			}
			if call, ok := v.Values[0].(*ast.CallExpr); ok && len(call.Args) == 1 {
				if text, ok := call.Args[0].(*ast.BasicLit); ok {
					texts[v.Names[0].Name] = text.Value
				}
			}
		}
	}
	return texts
}

// TestEveryPackageHasAnExample checks that go doc shows how to use each package that apps may import, by code that runs.
func TestEveryPackageHasAnExample(t *testing.T) {
	for _, folder := range folders(t) {
		if strings.Contains(folder, "internal") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			sources, _ := filepath.Glob(filepath.Join(folder, "*.go"))
			if len(sources) == 0 {
				continue // no package
			}
		}
		runs := 0
		for _, path := range files {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, example := range doc.Examples(file) {
				if example.Output != "" {
					runs++
				}
			}
		}
		if runs == 0 {
			t.Errorf("%s has no example that runs", folder)
		}
	}
}
