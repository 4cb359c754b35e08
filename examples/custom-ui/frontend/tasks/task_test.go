package tasks

import (
	"strings"
	"testing"
)

func TestCleanName(t *testing.T) {
	cases := []struct {
		name, text, want, problem string
	}{
		{"plain", "Buy milk", "Buy milk", ""},
		{"white space around it", " \tBuy  milk\u00a0 ", "Buy  milk", ""},
		{"empty", "", "", "A task needs a name."},
		{"only white space", " \t\u3000", "", "A task needs a name."},
		{"200 characters", strings.Repeat("x", 200), strings.Repeat("x", 200), ""},
		{"200 characters of several bytes", strings.Repeat("買", 200), strings.Repeat("買", 200), ""},
		{"200 characters between spaces", " " + strings.Repeat("x", 200) + " ", strings.Repeat("x", 200), ""},
		{"201 characters", strings.Repeat("買", 201), "", "A task’s name has at most 200 characters. This one has 201."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, problem := english.cleanName(c.text); got != c.want || problem != c.problem {
				t.Errorf("gave %q, %q", got, problem)
			}
		})
	}
}

func TestQuoted(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"short", "Buy milk", "“Buy milk”"},
		{"80 characters", strings.Repeat("é", 80), "“" + strings.Repeat("é", 80) + "”"},
		{"81 characters", strings.Repeat("é", 81), "“" + strings.Repeat("é", 79) + "…”"},
		{"cut behind a word", strings.Repeat("x", 78) + " and more", "“" + strings.Repeat("x", 78) + "…”"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := english.quoted(c.text); got != c.want {
				t.Errorf("gave %q", got)
			}
		})
	}
}
