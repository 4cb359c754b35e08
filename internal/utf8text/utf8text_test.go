package utf8text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecode(t *testing.T) {
	tests := map[string]struct{ data, want string }{
		"empty":                       {"", ""},
		"text":                        {"Grüße, 世界 🎉\x00", "Grüße, 世界 🎉\x00"},
		"byte order mark":             {"\uFEFF{}", "{}"},
		"only the mark":               {"\uFEFF", ""},
		"one mark of two":             {"\uFEFF\uFEFFa", "\uFEFFa"},
		"a mark inside":               {"a\uFEFF", "a\uFEFF"},
		"half a mark":                 {"\xEF\xBBa", "\uFFFDa"},
		"a continuation":              {"\x80\xBF", "\uFFFD\uFFFD"},
		"never in UTF-8":              {"\xC0\xAF\xFF\xF5", "\uFFFD\uFFFD\uFFFD\uFFFD"},
		"two of three":                {"\xE4\xB8", "\uFFFD"},
		"two of three, then text":     {"\xE4\xB8\n", "\uFFFD\n"},
		"three of four":               {"\xF0\x9F\x8E", "\uFFFD"},
		"three of four, twice":        {"\xF0\x9F\x8E\xF0\x9F\x8E", "\uFFFD\uFFFD"},
		"two of four, then a start":   {"\xF0\x9F\xE4\xB8\x96", "\uFFFD世"},
		"a surrogate":                 {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
		"overlong":                    {"\xE0\x80\x80\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"},
		"above U+10FFFF":              {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
		"U+FFFD itself":               {"\uFFFD\xFF", "\uFFFD\uFFFD"},
		"a start, then another start": {"\xC3\xC3\xA4", "\uFFFDä"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := string(Decode([]byte(tt.data))); got != tt.want {
				t.Errorf("Decode(%q) = %q, want %q", tt.data, got, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "a", "\uFEFFa", "\xF0\x9F\x8E\xE4\xB8", "\xED\xA0\x80", "\xF4\x90\x80\x80"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := Replace(data)
		if !utf8.Valid(got) {
			t.Fatalf("Replace(%q) = %q, which is not UTF-8", data, got)
		}
		// Go replaces each byte, or each run of them. Valid text stays the same in all three cases.
		drop := func(s string) string { return strings.ReplaceAll(s, "\uFFFD", "") }
		if want := strings.ToValidUTF8(string(data), ""); drop(string(got)) != drop(want) {
			t.Fatalf("Replace(%q) = %q; the valid text differs from that of strings.ToValidUTF8", data, got)
		}
	})
}
