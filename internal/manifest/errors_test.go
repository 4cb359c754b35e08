package manifest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/terminal"
)

// The caret is in the same column of the terminal as its character, whatever precedes it.
func TestErrorCaretCountsCells(t *testing.T) {
	for _, c := range []struct{ name, before string }{
		{"ASCII", `title: "tasks", `},
		{"Japanese", `title: "日本語のタイトル", `},
		{"a family of emoji", `title: "👩‍👩‍👧é", `},
		{"a combining mark", "title: \"u\u0308\", "},
		{"half-width kana", `title: "ｱﾊﾟ", `},
	} {
		e := &Error{File: "f", Line: 3, Column: len([]rune(c.before)) + 1, Source: c.before + "resource: nope", Msg: "m"}
		lines := strings.Split(e.Error(), "\n")
		if got, want := terminal.Width(strings.TrimSuffix(lines[2], "^")), terminal.Width("  3 | "+c.before); got != want {
			t.Errorf("%s: the caret is in cell %d, want %d:\n%v", c.name, got, want, e)
		}
	}
}

func TestErrorRemovesControlCharacters(t *testing.T) {
	e := &Error{File: "f", Line: 1, Column: 4, Source: "\x1b[2Jx\u202ey", Msg: "m"}
	if want := "f:1:4: m\n  1 | �[2Jx�y\n    |    ^"; e.Error() != want {
		t.Errorf("got %q, want %q", e.Error(), want)
	}
}

func TestErrorLongLine(t *testing.T) {
	line := strings.Repeat("a", 50_000) + "日" + strings.Repeat("b", 50_000)
	e := &Error{File: "f", Line: 1, Column: 50_001, Source: line, Msg: "m"}
	lines := strings.Split(e.Error(), "\n")
	if len(lines[1]) > 300 || !strings.HasPrefix(lines[1], "  1 | …aa") || !strings.HasSuffix(lines[1], "bb…") {
		t.Errorf("got %q", lines[1])
	}
	if at := strings.Index(lines[2], "^"); at != strings.Index(lines[1], "日")-len("…")+1 {
		t.Errorf("the caret is at %d:\n%v", at, e)
	}
}

func TestErrorsBeyondLimitAreCounted(t *testing.T) {
	var f faults
	for i := range 1000 {
		f = append(f, &Error{File: "f", Msg: fmt.Sprintf("fault %d.", i)})
	}
	if got := f.Error(); !strings.HasSuffix(got, "fault 49.\n\nand 950 more") || len(f.Unwrap()) != 1000 {
		t.Errorf("got %q", got)
	}
}
