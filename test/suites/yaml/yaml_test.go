// Package yaml compares our reader of manifest.yml with Forge's reader, the npm package yaml. It uses the cases of the
// public yaml-test-suite and texts of our own.
//
// It needs Node.js and the npm packages (make setup):
//
//	go test -count=1
package yaml

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	_ "github.com/goccy/go-yaml" // its module contains the cases of the yaml-test-suite

	"github.com/forgego/forgego/internal/manifest"
)

type answer struct {
	Value any     `json:"value"`
	Error *string `json:"error"`
}

// forge returns what Forge reads from each text.
func forge(t *testing.T, texts []string) []answer {
	t.Helper()
	input, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "testdata/npm.mjs")
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(input)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node testdata/npm.mjs: %v (npm packages missing? run: make setup)", err)
	}
	var answers []answer
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(texts) {
		t.Fatalf("%d answers to %d texts", len(answers), len(texts))
	}
	return answers
}

// suite returns the texts of the yaml-test-suite's cases by name.
func suite(t *testing.T) map[string]string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/goccy/go-yaml").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := os.DirFS(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "yaml-test-suite"))
	cases := map[string]string{}
	err = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(path, "/in.yaml"); ok && err == nil {
			var text []byte
			text, err = fs.ReadFile(root, path)
			cases[name] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 402 {
		t.Fatalf("the suite has %d cases, fewer than the 402 of 2022-01-17", len(cases))
	}
	return cases
}

// outcome is how our reading of a text relates to Forge's reading.
type outcome string

const (
	same     outcome = "read alike"
	refused  outcome = "refused by us only"
	accepted outcome = "accepted by us only"
	misread  outcome = "read differently"
)

func compare(t *testing.T, text string, theirs answer) (outcome, string) {
	t.Helper()
	value, err := manifest.ParseYAML("manifest.yml", []byte(strings.TrimPrefix(text, "\ufeff")))
	if err != nil {
		e, ok := errors.AsType[*manifest.Error](err)
		if !ok || e.Line == 0 || e.Column == 0 || e.Fix == "" {
			t.Errorf("the error has no place or no advice: %v", err)
		}
		if theirs.Error != nil {
			return same, ""
		}
		return refused, err.Error()
	}
	if theirs.Error != nil {
		return accepted, *theirs.Error
	}
	var ours any
	if text, err := json.Marshal(value); err != nil {
		t.Fatal(err)
	} else if err := json.Unmarshal(text, &ours); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(ours, theirs.Value) {
		got, _ := json.Marshal(ours)
		want, _ := json.Marshal(theirs.Value)
		return misread, "got " + string(got) + ", want " + string(want)
	}
	return same, ""
}

func TestYAMLSuiteIsReadAsForgeReadsIt(t *testing.T) {
	var names, texts []string
	for name, text := range suite(t) {
		names, texts = append(names, name), append(texts, text)
	}
	answers := forge(t, texts)
	count := map[outcome]int{}
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			got, detail := compare(t, texts[i], answers[i])
			count[got]++
			want, reason := same, ""
			if r, ok := refusedCases[name]; ok {
				want, reason = refused, r
			} else if r, ok := acceptedCases[name]; ok {
				want, reason = accepted, r
			}
			if got != want {
				t.Errorf("%s, want %s %s\n%s\n%q", got, want, reason, detail, texts[i])
			}
		})
	}
	t.Log(count)
}

// TestWindowsLineEndsChangeNothing checks that the cases with Windows line ends and a byte order mark are read in the same
// way as the original cases.
func TestWindowsLineEndsChangeNothing(t *testing.T) {
	for name, text := range suite(t) {
		want, wantErr := manifest.ParseYAML("manifest.yml", []byte(text))
		got, err := manifest.ParseYAML("manifest.yml", []byte(strings.ReplaceAll(text, "\n", "\r\n")))
		if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) {
			t.Errorf("%s: got %v, %v; want %v, %v\n%q", name, got, err, want, wantErr, text)
		}
	}
}

const (
	collectionKey = "Forge makes a text of a list or mapping that is a key; no manifest has such a key"
	anchorName    = "the library takes letters, digits, - and _ in the name of an anchor"
	version11     = "Forge reads YAML 1.1 by other rules"
	otherTag      = "the type makes no sense in JSON"
)

// refusedCases are the cases that we refuse and Forge accepts, with the reason.
var refusedCases = map[string]string{
	"aliases-in-flow-objects":                          collectionKey,
	"allowed-characters-in-alias":                      anchorName,
	"anchor-with-unicode-character":                    anchorName,
	"anchors-with-colon-in-name":                       anchorName,
	"construct-binary":                                 otherTag,
	"directive-variants/02":                            version11,
	"directive-variants/03":                            version11,
	"directive-variants/04":                            version11,
	"flow-sequence-in-flow-mapping":                    collectionKey,
	"implicit-flow-mapping-key-on-one-line":            collectionKey,
	"mapping-key-and-flow-sequence-item-anchors":       collectionKey,
	"nested-implicit-complex-keys":                     collectionKey,
	"question-mark-edge-cases/00":                      collectionKey,
	"question-mark-edge-cases/01":                      collectionKey,
	"single-pair-implicit-entries":                     collectionKey,
	"spec-example-2-11-mapping-between-sequences":      collectionKey,
	"spec-example-2-25-unordered-sets":                 otherTag,
	"spec-example-2-26-ordered-mappings":               otherTag,
	"spec-example-6-12-separation-spaces":              collectionKey,
	"spec-example-8-19-compact-block-mappings":         collectionKey,
	"various-combinations-of-explicit-block-mappings":  collectionKey,
	"various-trailing-comments":                        collectionKey,
	"various-trailing-comments-1-3":                    collectionKey,
	"zero-indented-sequences-in-explicit-mapping-keys": collectionKey,
}

// acceptedCases are the cases that we accept and Forge refuses, with the reason.
var acceptedCases = map[string]string{
	"block-scalar-with-more-spaces-than-first-content-line": "empty lines of a text are indented further than its other lines; the value is the one meant",
	"spec-example-9-5-directives-documents":                 "a text that is not indented is the whole file, which no manifest is: Load refuses it",
}

// TestManifestTextsAreReadAsForgeReadsThem tests texts that people write into a manifest. They are not in the suite.
func TestManifestTextsAreReadAsForgeReadsThem(t *testing.T) {
	cases := map[string]struct {
		text string
		want outcome
	}{
		"the last anchor of a name before the alias": {"a: &x one\nb: *x\nc: &x two\nd: *x\n", same},
		"a version":                        {"%YAML 1.2\n---\napp: x\n", same},
		"a version that is not there yet":  {"%YAML 1.3\n---\napp: x\n", same},
		"a version without a document":     {"%YAML 1.2\napp: x\n", same},
		"a version that is a word":         {"%YAML one\n---\napp: x\n", same},
		"another directive":                {"# first\n%FOO bar # baz\n\t\n---\napp: x\n", same},
		"an explicit key":                  {"? app\n: id: x\n", same},
		"a key with an anchor":             {"&a app:\n  id: x\n", same},
		"a key with a tag":                 {"!!str app:\n  id: x\n", same},
		"a key that is an alias":           {"- &a app\n- *a : x\n", same},
		"a number with an exponent":        {"a: 1e3\nb: 1E-2\nc: .5\nd: 1.\ne: +7\nf: -.0\n", same},
		"numbers of other bases":           {"a: 0x1F\nb: 0o17\nc: 017\nd: 0b11\ne: 1_000\nf: 12:30:45\n", same},
		"large numbers":                    {"a: 12345678901234567890\nb: 1e999\nc: -1e999\nd: 0xffffffffffffffffff\n", same},
		"what is no number":                {"a: .nan\nb: -.inf\nc: .Inf\n.inf: d\n-.INF: e\n.NaN: f\n", same},
		"words of YAML 1.1":                {"a: yes\nb: off\nc: y\nd: 2020-01-01\ne: '1'\n", same},
		"booleans and null":                {"a: True\nb: FALSE\nc: ~\nd: Null\ne:\nf: nULL\n", same},
		"keys of other types":              {"1e3: a\ntrue: b\n~: c\n0x10: d\n1.50: e\n", same},
		"a number in a text's clothes":     {"a: !!int '7'\nb: !!str 7\nc: ! 7\nd: !!float 7\ne: !!bool no\n", same},
		"a tag of somebody's own":          {"a: !mine 7\nb: !mine {c: d}\n", same},
		"a second document":                {"app: x\n---\nmodules: y\n", same},
		"a second document that is empty":  {"app: x\n---\n", same},
		"an end before the document":       {"# x\n...\napp: x\n", same},
		"an end before the start":          {"...\n---\napp: x\n", same},
		"an end alone":                     {"...\n# x\n", same},
		"an end of the document":           {"app: x\n...\n", same},
		"a line with only a tab":           {"app:\n\t\n  id: x\n", same},
		"a tab before a key":               {"app:\n\tid: x\n", same},
		"a tab between key and value":      {"app:\tx\t# y\n", same},
		"a key twice":                      {"app: x\napp: y\n", same},
		"a key twice, written differently": {"app: x\n'app': y\n", same},
		"a number twice, as a text too":    {"1: x\n'1': y\n", refused},
		"a merge":                          {"a: &a {k: v}\nb:\n  <<: *a\n", refused},
		"a merge of two":                   {"a: &a {k: v}\nb: &b {l: w}\nc:\n  <<: [*a, *b]\n", refused},
		"two merges":                       {"a: &a {k: v}\nb:\n  <<: *a\n  <<: *a\n", same},
		"a merge in quotes":                {"'<<': {k: v}\n", same},
		"a circle":                         {"a: &a [*a]\n", same},
		"an alias before its anchor":       {"a: *a\nb: &a x\n", same},
		"99 aliases":                       {"a: &a x\nb: [" + strings.Repeat("*a,", 99) + "]\n", same},
		"100 aliases":                      {"a: &a x\nb: [" + strings.Repeat("*a,", 100) + "]\n", same},
		"many aliases of an empty list":    {"a: &a []\nb: [" + strings.Repeat("*a,", 500) + "]\n", same},
		"a billion laughs":                 {billion(9, 9), same},
		"few laughs":                       {billion(2, 3), same},
		"laughs enough":                    {billion(3, 4), same},
		"101 levels":                       {strings.Repeat("[", 101) + strings.Repeat("]", 101), refused},
		"100 levels":                       {strings.Repeat("[", 100) + strings.Repeat("]", 100), same},
		"a text without a line end":        {"a: |\n  x", same},
		"a text of several lines":          {"a: >\n  x\n  y\n\n   z\nb: |-\n  x\nc: |+\n  x\n\n", same},
		"a quote that goes on too early":   {"a: \"x\n y\"\nb: \"x\ny\"\n", same},
		"a quote in a list":                {"a:\n- 'it''s\n  long'\n- 'it''s\n\n  \n\n long'\n", same},
		"a quote in a list too early":      {"a:\n- 'it''s\nlong'\n", same},
		"brackets that go on too early":    {"a: [x,\ny]\n", same},
		"brackets that end at the key":     {"a: [\n  x,\n  # y\n# z\n  {k:\n  v}\n]\n", same},
		"invisible characters":             {"a: \"x\u2028y\"\n", refused},
		"a line end of an old Macintosh":   {"a: x\ry\n", refused},
		"an escaped line end, then none":   {"a: \"x\\\n\n  y\"\n", refused},
		"escapes":                          {`a: "\u00fc\x41\n\t\e\0\_\L\/\U0001F389"` + "\n", same},
		"an escape that is unknown":        {`a: "\q"` + "\n", same},
		"a text that begins with @":        {"a: @x\n", same},
		"a colon in a text":                {"a: b: c\n", same},
		"a number sign in a text":          {"a: b#c #d\n", same},
		"nothing":                          {"", same},
		"only a comment":                   {"# x\n", same},
		"only a document's start":          {"---\n", same},
	}
	var names, texts []string
	for name, c := range cases {
		names, texts = append(names, name), append(texts, c.text)
	}
	answers := forge(t, texts)
	for i, name := range names {
		t.Run(name, func(t *testing.T) {
			if got, detail := compare(t, texts[i], answers[i]); got != cases[name].want {
				t.Errorf("%s, want %s\n%s\n%q", got, cases[name].want, detail, texts[i])
			}
		})
	}
}

// billion returns lists of aliases of lists of aliases, and so on.
func billion(levels, width int) string {
	text := "a0: &a0 x\n"
	for i := range levels {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), width))
	}
	return text
}
