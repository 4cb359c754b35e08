package check

import (
	"encoding/json"
	"strings"
	"testing"
)

var found = []Problem{
	{File: "app/manifest.yml", Line: 3, Column: 5, Severity: Error, Message: "it has no \x1b[31mkey", Fix: "Add it:\n  key: x", source: "    a: b"},
	{File: "app/100%,a:b.html", Severity: Warning, Message: "it is large"},
}

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		name     string
		problems []Problem
		format   Format
		style    Style
		want     string
	}{
		{"nothing", nil, Text, Style{}, "No problems found.\n"},
		{"lines", found, Text, Style{}, "app/manifest.yml:3:5: error: it has no \ufffd[31mkey. Add it: \"key: x\".\napp/100%,a:b.html: warning: it is large\n1 error, 1 warning\n"},
		{"excerpts", found, Text, Style{Excerpts: true}, "app/manifest.yml:3:5: error: it has no \ufffd[31mkey\n  3 |     a: b\n    |     ^\n  Add it:\n    key: x\n\n" +
			"app/100%,a:b.html: warning: it is large\n\n1 error, 1 warning\n"},
		{"annotations", found, GitHub, Style{}, "::error file=app/manifest.yml,line=3,col=5::it has no \x1b[31mkey%0AAdd it:%0A  key: x\n::warning file=app/100%25%2Ca%3Ab.html::it is large\n"},
		{"no annotations", nil, GitHub, Style{}, ""},
	} {
		var b strings.Builder
		if err := Write(&b, c.problems, c.format, c.style); err != nil || b.String() != c.want {
			t.Errorf("%s: got %v and\n%s\nwant\n%s", c.name, err, b.String(), c.want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	for _, problems := range [][]Problem{nil, found} {
		var b strings.Builder
		if err := Write(&b, problems, JSON, Style{}); err != nil {
			t.Fatal(err)
		}
		var got []struct {
			File, Severity, Message, Fix string
			Line, Column                 int
		}
		if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got == nil || len(got) != len(problems) {
			t.Fatalf("got %v and %s", err, b.String())
		}
		for i, g := range got {
			if p := problems[i]; g.File != p.File || g.Severity != p.Severity.String() || g.Message != p.Message || g.Fix != p.Fix || g.Line != p.Line || g.Column != p.Column {
				t.Errorf("got %+v, want %+v", g, p)
			}
		}
	}
}

func TestInLine(t *testing.T) {
	for fix, want := range map[string]string{
		"Add under permissions:\n  content:\n    scripts:\n      - unsafe-eval\nOn your next deploy it counts.": `Add under permissions: "content: {scripts: [unsafe-eval]}". On your next deploy it counts.`,
		"Add under scripts:\n  - unsafe-eval":                        `Add under scripts: "- unsafe-eval".`,
		"Add under permissions:\n  scopes:\n    - a\nor disable it.": `Add under permissions: "scopes: [a]" or disable it.`,
		"Add:\n  tunnel:\n    port: 5173":                            `Add: "tunnel: {port: 5173}".`,
		"One.\nTwo.":                                                 "One. Two.",
	} {
		if got := inLine(fix); got != want {
			t.Errorf("%q: got %s, want %s", fix, got, want)
		}
	}
}
