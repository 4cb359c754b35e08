package tasks

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// texts reads a file of the folder locales. It returns all its texts by their keys.
func texts(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../locales", name))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	all := map[string]string{}
	var walk func(prefix string, tree map[string]any)
	walk = func(prefix string, tree map[string]any) {
		for key, v := range tree {
			switch v := v.(type) {
			case string:
				all[prefix+key] = v
			case map[string]any:
				walk(prefix+key+".", v)
			default:
				t.Errorf("%s: %s is neither a text nor an object", name, prefix+key)
			}
		}
	}
	walk("", tree)
	return all
}

var place = regexp.MustCompile(`\{(\w+)\}`)

// places returns the names of a text's placeholders, sorted.
func places(text string) []string {
	var names []string
	for _, found := range place.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// use is a key in the code, with the names of its values.
type use struct {
	key, at string
	values  []string
}

// uses returns the keys in the Go files of a folder, and in index.html.
func uses(t *testing.T) []use {
	t.Helper()
	var all []use
	for _, pattern := range []string{"*.go", "../*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if method, ok := call.Fun.(*ast.SelectorExpr); ok && (method.Sel.Name == "Text" || method.Sel.Name == "Count") {
					all = append(all, usesOf(t, method.Sel.Name, set.Position(n.Pos()).String(), call)...)
				}
				return true
			})
		}
	}
	page, err := os.ReadFile("../../static/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`data-(?:text|label)="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		all = append(all, use{found[1], "index.html", nil})
	}
	return all
}

// usesOf reads a call of Text or Count. The key and the names must be literals.
func usesOf(t *testing.T, method, at string, call *ast.CallExpr) []use {
	var literals []string
	values := 1
	if method == "Count" {
		values = 2
	}
	for i, argument := range call.Args {
		if i != 0 && (i < values || (i-values)%2 == 1) {
			continue
		}
		literal, ok := argument.(*ast.BasicLit)
		if !ok {
			if at := filepath.ToSlash(at); strings.HasPrefix(at, "words.go") || strings.HasPrefix(at, "../translate_js.go") {
				return nil // it passes on the keys of other calls
			}
			t.Errorf("%s: the key and the names of %s must be literals", at, method)
			return nil
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		literals = append(literals, text)
	}
	if method == "Count" {
		names := append([]string{"n"}, literals[1:]...)
		return []use{{literals[0] + ".one", at, names}, {literals[0] + ".other", at, names}}
	}
	return []use{{literals[0], at, literals[1:]}}
}

// TestWords checks that each key in the code has a text in each language, with placeholders for the values in the code,
// and that no text is unused.
func TestWords(t *testing.T) {
	in := map[string]map[string]string{"en-US.json": texts(t, "en-US.json"), "de-DE.json": texts(t, "de-DE.json")}
	used := map[string][]string{}
	for _, u := range uses(t) {
		slices.Sort(u.values)
		if before, ok := used[u.key]; ok && !slices.Equal(before, u.values) {
			t.Errorf("%s: %s is given %q, and elsewhere %q", u.at, u.key, u.values, before)
		}
		used[u.key] = u.values
		for name, all := range in {
			text, ok := all[u.key]
			if !ok {
				t.Errorf("%s: %s has no text for %s", u.at, name, u.key)
			}
			for _, place := range places(text) {
				if !slices.Contains(u.values, place) {
					t.Errorf("%s: %s: nobody fills the place {%s} of %s", u.at, name, place, u.key)
				}
			}
		}
	}
	if len(used) < 100 {
		t.Fatalf("only %d keys are used: this test sees too little", len(used))
	}
	for name, all := range in {
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if _, ok := used[key]; !ok {
				t.Errorf("%s: nobody uses %s", name, key)
			}
			if strings.TrimSpace(all[key]) == "" {
				t.Errorf("%s: %s is empty", name, key)
			}
		}
	}
	// Every language must use the same values as English. Only the backend's message may be left out.
	for key, text := range in["en-US.json"] {
		if got := places(in["de-DE.json"][key]); !slices.Equal(got, places(text)) && !slices.Contains(places(text), "message") {
			t.Errorf("%s has the places %q in English, and %q in German", key, places(text), got)
		}
	}
}

// TestManifest checks that manifest.yml names exactly the files of the folder locales.
func TestManifest(t *testing.T) {
	manifest, err := os.ReadFile("../../manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, found := range regexp.MustCompile(`path: locales/(\S+)`).FindAllStringSubmatch(string(manifest), -1) {
		named = append(named, found[1])
	}
	there, err := filepath.Glob("../../locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for i := range there {
		there[i] = filepath.Base(there[i])
	}
	slices.Sort(named)
	if !slices.Equal(named, there) {
		t.Errorf("manifest.yml names %q, and there are %q", named, there)
	}
}

func TestText(t *testing.T) {
	w := &Words{func(key string) (string, bool) {
		text, ok := map[string]string{"a": "{x} and {y}", "b.one": "{n} {x}", "b.other": "{n} {x}s"}[key]
		return text, ok
	}}
	for want, got := range map[string]string{
		"{y} and 2": w.Text("a", "x", "{y}", "y", "2"), // a value is inserted as it is
		"none":      w.Text("none", "x", "1"),
		"1 x":       w.Count("b", 1, "x", "x"),
		"0 xs":      w.Count("b", 0, "x", "x"),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
