package bridge

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendJSONString(t *testing.T) {
	for _, s := range []string{"", "plain", `"quoted\"`, "line\nand\ttab\r\x00\x1f", "Grüße, 世界 🎉", "\u2028<&>", "broken \xff\xc3 bytes", "\xed\xa0\x80"} {
		quoted := appendJSONString(nil, s)
		var got string
		if err := json.Unmarshal(quoted, &got); err != nil {
			t.Errorf("%q was quoted as %s: %v", s, quoted, err)
			continue
		}
		if want := strings.ToValidUTF8(s, "\uFFFD"); utf8.ValidString(s) && got != want {
			t.Errorf("%q was returned as %q", s, got)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q was quoted as text that is not UTF-8: %q", s, got)
		}
	}
}

func TestPlain(t *testing.T) {
	// Put each byte at each place among plain bytes: within groups of eight bytes, and after the last group.
	for length := range 20 {
		for at := range length {
			for c := range 256 {
				b := []byte(strings.Repeat("~", length))
				b[at] = byte(c)
				want := length
				if c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
					want = at
				}
				if got := plain(b); got != want {
					t.Fatalf("%q has %d plain bytes, want %d", b, got, want)
				}
			}
		}
	}
	if got := plain([]byte("0123456\x1f\"\\\x80")); got != 7 {
		t.Errorf("the first of several special bytes is at %d, want 7", got)
	}
	if plain(nil) != 0 || plainString("") != 0 {
		t.Error("empty text has plain bytes")
	}
}
