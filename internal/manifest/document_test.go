package manifest

import (
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/textfile"
)

// TestDocumentedExample checks that the forgego.yml in docs/local-host.md is valid and sets every key.
func TestDocumentedExample(t *testing.T) {
	text, err := textfile.Read("../../docs/local-host.md", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(textfile.LF(text)), "```yaml\n")
	file, _, _ := strings.Cut(rest, "```")
	dir := app(t, "manifest.yml", strings.Replace(tasks, "remotes:\n", "  - key: board\n    path: board/dist\n    tunnel: {port: 5173}\nremotes:\n  - key: search-api\n    baseUrl: https://search.example.com\n", 1)+"services:\n  - key: reports\n    containers: []\n", "forgego.yml", file, "frontend/main.go", "package main", "board/package.json", "{}",
		"fixtures/issue.json", "{}", "fixtures/text.json", "{}", "fixtures/graph.json", "{}", "fixtures/users.json", "{}")
	d, err := LoadDev(dir)
	if err != nil {
		t.Fatal(err)
	}
	d.src = nil
	for _, name := range unset(reflect.ValueOf(*d), "Dev") {
		t.Errorf("the example in docs/local-host.md does not set %s", name)
	}
}

// unset returns the fields that no value in v sets. For a map or list, it returns those that no element sets.
func unset(v reflect.Value, name string) []string {
	var elements []reflect.Value
	switch v.Kind() {
	case reflect.Map:
		for _, key := range v.MapKeys() {
			elements = append(elements, v.MapIndex(key))
		}
	case reflect.Slice:
		for i := range v.Len() {
			elements = append(elements, v.Index(i))
		}
	case reflect.Struct:
		elements = []reflect.Value{v}
	default:
		if v.IsZero() {
			return []string{name}
		}
		return nil
	}
	if len(elements) == 0 {
		return []string{name}
	}
	if elements[0].Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for i := range elements[0].NumField() {
		field := elements[0].Type().Field(i)
		if !field.IsExported() {
			continue
		}
		var missing []string
		for _, e := range elements {
			if missing = unset(e.Field(i), name+"."+field.Name); len(missing) == 0 {
				break
			}
		}
		names = append(names, missing...)
	}
	return names
}
