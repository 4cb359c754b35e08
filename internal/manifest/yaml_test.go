package manifest

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// These cases were parsed incorrectly in the past. The folder test/suites/yaml compares all of YAML with what Forge reads.
func TestParseYAML(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       any
	}{
		{"an alias takes the last anchor before it", "a: &x one\nb: *x\nc: &x two\nd: *x\n", map[string]any{"a": "one", "b": "one", "c": "two", "d": "two"}},
		{"a version before the document", "%YAML 1.2\n---\napp: x\n", map[string]any{"app": "x"}},
		{"an explicit key", "? app\n: x\n", map[string]any{"app": "x"}},
		{"a key with an anchor", "&a app: x\n", map[string]any{"app": "x"}},
		{"a key with a tag", "!!str app: x\n", map[string]any{"app": "x"}},
		{"a number with an exponent", "a: 1e3\n", map[string]any{"a": 1000.0}},
		{"a line with only a tab", "a: x\n\t\nb: y\n", map[string]any{"a": "x", "b": "y"}},
		{"a word of YAML 1.1", "a: off\nb: 010\n", map[string]any{"a": "off", "b": 10.0}},
		{"infinity, which JSON does not have", "a: .inf\n.inf: b\n", map[string]any{"a": nil, "Infinity": "b"}},
		{"Windows line endings", "a: |\r\n  x\r\n  y\r\nb: z\r\n", map[string]any{"a": "x\ny\n", "b": "z"}},
		{"a block text at the end of the file", "a: |\n  x", map[string]any{"a": "x\n"}},
	} {
		if got, err := ParseYAML("manifest.yml", []byte(c.text)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

func TestParseYAMLErrors(t *testing.T) {
	for _, c := range []struct{ name, text, place, msg, fix string }{
		{"a merge", "a: &a {k: v}\nb:\n  <<: *a\n", "3:3", "<< does not merge", "Write the entries out"},
		{"a merge of two", "a: &a {k: v}\nb:\n  <<: [*a, *a]\n", "3:3", "<< does not merge", "Write the entries out"},
		{"a second document", "app: x\n---\napp: y\n", "2:1", "a second document begins here", "---"},
		{"YAML 1.1", "# x\n%YAML 1.1\n---\napp: x\n", "2:1", "YAML 1.1", "%YAML 1.2"},
		{"a version without a document", "%YAML 1.2\napp: x\n", "2:1", "a directive without a document", "---"},
		{"no version", "%YAML\n---\napp: x\n", "1:1", "without a version", "%YAML 1.2"},
		{"a key twice", "a: x\nb: {c: y, 'c': z}\n", "2:11", `the key "c" is already on line 2`, "Remove one"},
		{"a merge twice", "a:\n  <<: 1\n  <<: 2\n", "3:3", `the key "<<" is already on line 2`, "Remove one"},
		{"a list as a key", "a:\n  [b]: c\n", "2:3", "a list or a mapping as a key", "quotes"},
		{"a tag", "a: !!binary aGk=\n", "1:4", "the tag !!binary is not used", "without the tag"},
		{"an alias inside its own value", "a: &a\n  - *a\n", "2:5", "the alias *a is inside the value that it refers to", "Write out"},
		{"too many aliases", "a: &a x\nb:\n" + strings.Repeat("  - *a\n", 100), "102:5", "more than the 100 uses", "where it is used"},
		{"an alias without an anchor", "a: *b\n", "1:4", "an alias of an unknown anchor", "quotes"},
		{"an anchor's name", "a: &b: c\n", "1:6", "a colon", "quotes"},
		{"an anchor that contains the colon of a key", "a:\n  &b: c\n", "2:3", "an anchor with a colon in its name", "space"},
		{"a tab", "a:\n\tb: c\n", "2:1", "a tab where YAML allows only spaces", "spaces"},
		{"a tab after a text", "a: b\n\tc: d\n", "2:1", "a tab where YAML allows only spaces", "spaces"},
		{"a reserved character", "a: `x`\n", "1:4", "a value that begins with `", "quotes"},
		{"two colons", "a: b: c\n", "1:5", "a colon where no key is allowed", "quotes"},
		{"an open quote", "a: b\nc: \"d\ne: f\n", "2:4", "a quote that is not closed", "Close it"},
		{"an open bracket", "a: [b\nc: d\n", "2:2", "not valid YAML", "brackets"},
		{"an open bracket in the last line", "a: b\nc: {d: [e, f\n", "2:8", "a bracket that is not closed", "Close it"},
		{"an open bracket before the end of the file", "a: b\nc: [\n\n", "2:5", "the file ends between brackets", "Close each"},
		{"no colon", "a: b\nc\n", "2:1", "a line without a colon", "key: value"},
		{"a list that continues as a mapping", "- a\nb: c\n", "2:1", "the list's next entry", `"- "`},
		{"bad indentation", "a:\n  b: c\n d: e\n", "3:2", "the mapping's next key", "indentation"},
		{"text in quotes that is not indented", "a: \"b\nc\"\n", "2:1", "too little indentation", "further"},
		{"a list in brackets that is not indented", "a:\n  b: [c,\n d]\n", "3:2", "too little indentation", "further"},
		{"an invisible character", "a: b\n日本: x\u2028y\n", "2:6", "the invisible character U+2028", `"\u2028"`},
		{"a byte order mark inside", "a: b\n\ufeffc: d\n", "2:1", "the invisible character U+FEFF", "Remove it"},
		{"a carriage return", "a: b\rc\n", "1:5", "the invisible character U+000D", "Remove it"},
		{"no UTF-8", "a: ü\xff\n", "1:5", "not UTF-8", "Save"},
		{"deep brackets", strings.Repeat("[", 300_000/2), "1:101", "more than 100 levels", "right file"},
		{"deep lists", "a: b\nc:\n" + strings.Repeat("- ", 100_000), "3:", "more than 100 levels", "right file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			value, err := ParseYAML("manifest.yml", []byte(c.text))
			e := findFault(t, err, c.msg)
			if !strings.HasPrefix(e.Error(), "manifest.yml:"+c.place) || !strings.Contains(e.Fix, c.fix) {
				t.Errorf("want an error at %s with the advice %q, got:\n%v", c.place, c.fix, e)
			}
			if value != nil {
				t.Errorf("ParseYAML returned %v and an error", value)
			}
		})
	}
}

// TestKeysOfOneText checks which keys Forge takes for one: it compares values, so the number 1 is another key than the text.
func TestKeysOfOneText(t *testing.T) {
	for text, accepted := range map[string]bool{
		"1: x\n\"1\": y\n":         true,
		"true: x\n\"true\": y\n":   true,
		".nan: x\n.NaN: y\n":       true,
		"1: x\n1.0: y\n":           false,
		"~: x\nnull: y\n":          false,
		"1: x\n\"1\": y\n'1': z\n": false,
		"<<: x\n\"<<\": y\n":       false,
	} {
		doc, err := ParseDocument("manifest.yml", []byte(text))
		found := fmt.Sprint(err)
		if err == nil {
			found = fmt.Sprint(doc.Warnings)
		}
		if (err == nil) != accepted || !strings.Contains(found, "is already on line") {
			t.Errorf("%q: accepted is %v, and found are %s", text, err == nil, found)
		}
	}
}

// TestVariablesAreBounded checks that a small manifest cannot become gigabytes.
func TestVariablesAreBounded(t *testing.T) {
	manifest := func(length, uses int) []byte {
		return []byte("environment:\n  variables:\n    - {key: A, default: " + strings.Repeat("x", length) + "}\na: " + strings.Repeat("${A}", uses) + "\n")
	}
	doc, err := ParseDocument("manifest.yml", manifest(1<<10, 1<<10))
	if err != nil || len(doc.Faults) > 0 || len(doc.Root.Str("a")) != 1<<20 {
		t.Errorf("a megabyte: %v, %v", err, doc.Faults)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	doc, err = ParseDocument("manifest.yml", manifest(1<<16, 1<<14)) // a gigabyte
	runtime.ReadMemStats(&after)
	if err != nil || len(doc.Faults) != 1 || doc.Faults[0].Line != 3 || !strings.Contains(doc.Faults[0].Msg, "the variables stand for more than 1 MB of text") {
		t.Errorf("got %v, %v", err, doc.Faults)
	}
	// Under -race a sync.Pool drops entries at random, so package regexp alone takes 60 MB.
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 256<<20 {
		t.Errorf("%d bytes were allocated", taken)
	}
}

// These nested aliases stay within Forge's limit of 100 uses, because it counts each anchor separately.
func TestParseYAMLManyValues(t *testing.T) {
	text := "a: &a [" + strings.Repeat("x,", 10_000) + "]\nb: [" + strings.Repeat("*a,", 90) + "]\n"
	_, err := ParseYAML("manifest.yml", []byte(text))
	if e := findFault(t, err, "the aliases stand for more than 262144 values"); e.Line != 2 {
		t.Errorf("got:\n%v", e)
	}
}

// A Windows text editor writes files in this form.
func TestLoadByteOrderMark(t *testing.T) {
	dir := app(t, "manifest.yml", "\ufeff"+strings.ReplaceAll(tasks, "\n", "\r\n"), "forgego.yml", "\ufeff"+tasksDev[:strings.Index(tasksDev, "services")], "frontend/main.go", "")
	if m, err := Load(dir); err != nil || len(m.Modules) != 2 {
		t.Errorf("got %+v, %v", m, err)
	}
	if d, err := LoadDev(dir); err != nil || len(d.Remotes) != 1 {
		t.Errorf("got %+v, %v", d, err)
	}
	translations, err := LoadTranslations(titledApp(t, "\ufeff"+titled, "\ufeff"+english))
	if err != nil || translations.Default != "en-US" {
		t.Errorf("got %+v, %v", translations, err)
	}
}

func TestLoadUTF16(t *testing.T) {
	_, err := Load(app(t, "manifest.yml", "\xff\xfea\x00"))
	if e := findFault(t, err, "is UTF-16"); e.Fix != "Save it as UTF-8." {
		t.Errorf("got:\n%v", e)
	}
}

func TestValue(t *testing.T) {
	t.Setenv("FORGEGO_TEST_HOST", "api.example.com")
	got, err := Value(app(t, "manifest.yml", "environment:\n  variables: [FORGEGO_TEST_HOST]\na: [{b: 1, c: 'https://${FORGEGO_TEST_HOST}'}, ~, true]\n"))
	want := map[string]any{"environment": map[string]any{"variables": []any{"FORGEGO_TEST_HOST"}},
		"a": []any{map[string]any{"b": 1.0, "c": "https://api.example.com"}, nil, true}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if got, err := Value(t.TempDir()); got != nil || err != nil {
		t.Errorf("without a file: got %v, %v", got, err)
	}
}
