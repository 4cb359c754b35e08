package terminal

import "testing"

func TestWidth(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"empty", "", 0},
		{"ASCII", "abc", 3},
		{"Japanese", "日本語のタイトル", 16},
		{"Korean", "한글", 4},
		{"half-width kana", "ｱﾊﾟ", 3},
		{"an ideographic space", "\u3000", 2},
		{"an umlaut", "ü", 1},
		{"a combining umlaut", "u\u0308", 1},
		{"an emoji", "🎉", 2},
		{"a family of emoji", "👩‍👩‍👧", 2},
		{"an emoji with a skin tone", "👍🏽", 2},
		{"a flag", "🇩🇪", 2},
		{"of ambiguous width", "…§", 2},
		{"of no width", "\u200b", 0},
	} {
		if got := Width(c.text); got != c.want {
			t.Errorf("%s: Width(%q) = %d, want %d", c.name, c.text, got, c.want)
		}
	}
}

func TestBlank(t *testing.T) {
	for text, want := range map[string]string{"": "", "ab": "  ", "日\tü🎉": "  \t   ", "\t\t": "\t\t"} {
		if got := Blank(text); got != want {
			t.Errorf("Blank(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"a\tü日🎉":           "a\tü日🎉",
		"\x1b[2J\a\r":      "�[2J��",
		"\u009b2J\u202eab": "�2J�ab",
		"a\xffb":           "a�b",
		"a\u2028b":         "a�b",
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}
