// Package apimap checks docs/api-map.md against two things: what @forge/bridge and the product bridges export when they run,
// and what our packages export. The tests fail if an official package has a new export, or if a function of ours was renamed.
//
// It needs Node.js and the npm packages (make setup):
//
//	go test -count=1
package apimap

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

const (
	document = "../../../docs/api-map.md"
	sources  = "../../../bridge"
)

// row is a line of the map: an official name and our names for it.
type row struct {
	official string
	ours     []string
	// commands are those that our function sends. A dash stands for none.
	commands string
	text     string
}

var (
	line = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (.+?) \\| (.+?) \\| (.*) \\|$")
	name = regexp.MustCompile("`([^`]+)`")
)

func readMap(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		r := row{official: m[1], commands: m[3], text: m[4]}
		for _, n := range name.FindAllStringSubmatch(m[2], -1) {
			r.ours = append(r.ours, n[1])
		}
		rows = append(rows, r)
	}
	return rows
}

// exported is a script that lists the functions and constants that the official packages export: the names in their
// namespaces and the methods of their classes. It does not list types. The product bridges have an entry point for bundlers
// only, so the script names their files.
const exported = `
globalThis.__bridge = { callBridge() {} };
const names = [];
const walk = (path, value) => {
  if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) walk(path + '.' + name, value[name]);
    return;
  }
  names.push(path);
  if (typeof value !== 'function' || !/^class\b/.test(String(value))) return;
  for (const name of Object.getOwnPropertyNames(value.prototype)) if (name !== 'constructor') names.push(path + '.' + name);
};
const exports = {};
for (const path of ['bridge', 'jira-bridge/out/index.js', 'jira-bridge/out/issue-utils', 'confluence-bridge/out/index.js',
  'dashboards-bridge/out/index.js']) {
  const all = require('@forge/' + path);
  exports[path] = Object.keys(all).length;
  for (const name of Object.keys(all)) walk(name, all[name]);
}
console.log(JSON.stringify({ exports, names }));
`

func TestMapHasEveryOfficialName(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "node", "-e", exported)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v (npm packages missing? run: make setup)", err)
	}
	var official struct {
		Exports map[string]int
		Names   []string
	}
	if err := json.Unmarshal(out, &official); err != nil {
		t.Fatal(err)
	}
	for path, n := range official.Exports {
		t.Logf("@forge/%s has %d exports", path, n)
		if n == 0 {
			t.Errorf("@forge/%s exports nothing, so its part of this test checks nothing", path)
		}
	}
	t.Logf("the official packages have %d names in all", len(official.Names))
	var listed []string
	for _, r := range readMap(t) {
		// Results of calls are not exported.
		if strings.Contains(r.official, "()") {
			continue
		}
		if slices.Contains(listed, r.official) {
			t.Errorf("the map lists %s twice", r.official)
		}
		listed = append(listed, r.official)
	}
	for _, name := range official.Names {
		if !slices.Contains(listed, name) {
			t.Errorf("%s is not in the map", name)
		}
	}
	for _, name := range listed {
		if !slices.Contains(official.Names, name) {
			t.Errorf("the map has %s, which no official package has", name)
		}
	}
}

func TestOurNamesExist(t *testing.T) {
	have := ourNames(t)
	rows := readMap(t)
	if len(rows) == 0 {
		t.Fatal("the map is empty")
	}
	for _, r := range rows {
		if len(r.ours) == 0 {
			t.Errorf("%s has no counterpart", r.official)
		}
		for _, n := range r.ours {
			if !have[n] {
				t.Errorf("%s: there is no %s", r.official, n)
			}
		}
		if r.text == "" {
			t.Errorf("%s: its row has no description", r.official)
		}
	}
}

// TestCommandsExist checks that the host of tests carries out each command that the map names, and that the map has all of
// them.
func TestCommandsExist(t *testing.T) {
	var listed []string
	for _, r := range readMap(t) {
		if r.commands == "–" {
			continue
		}
		for command := range strings.SplitSeq(r.commands, ", ") {
			command = strings.Trim(command, "`")
			listed = append(listed, command)
		}
	}
	host := bridgetest.NewHost(t)
	_, err := host.Call(t.Context(), bridge.Call{Command: "noSuchCommand"})
	_, all, _ := strings.Cut(err.Error(), "It has ")
	all, _, ok := strings.Cut(all, ";")
	if !ok {
		t.Fatalf("the refusal of an unknown command has no list: %v", err)
	}
	known := strings.Split(all, ", ")
	for _, command := range listed {
		if !slices.Contains(known, command) {
			t.Errorf("the map has the command %s, which the host of tests has not", command)
		}
	}
	for _, command := range known {
		if command != "signInvocationTokenForUI" && !slices.Contains(listed, command) {
			t.Errorf("the map does not have the command %s", command)
		}
	}
}

// ourNames returns the exported names of package bridge and of the packages below it, each with its package name in front.
// These are functions, constants and types. Methods and fields have the name of their type in front.
func ourNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob(sources + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Glob(sources + "/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, below...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			for _, n := range declared(d) {
				names[file.Name.Name+"."+n] = true
			}
		}
	}
	return names
}

func declared(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		return []string{typeName(d.Recv.List[0].Type) + "." + d.Name.Name}
	case *ast.GenDecl:
		var names []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
				if st, ok := s.Type.(*ast.StructType); ok {
					for _, f := range st.Fields.List {
						for _, n := range f.Names {
							names = append(names, s.Name.Name+"."+n.Name)
						}
					}
				}
			}
		}
		return names
	}
	return nil
}

// typeName returns the name of a receiver's type, without its star and its type parameters.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
