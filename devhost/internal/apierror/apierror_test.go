package apierror

import (
	"testing"
	"unicode/utf8"
)

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{{"", 0, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc…"}, {"aää", 4, "aä…"}, {"aää", 2, "a…"}, {"ää", 1, "…"}} {
		if got := shorten(c.text, c.limit); got != c.want || !utf8.ValidString(got) {
			t.Errorf("%q cut at %d: got %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}
