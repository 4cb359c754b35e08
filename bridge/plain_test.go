package bridge

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	// Each byte at each place among others that are plain, so that it lies in whole words, and behind the last one.
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
		t.Errorf("the first of several is at %d, want 7", got)
	}
	if plain(nil) != 0 || plainString("") != 0 {
		t.Error("nothing has plain bytes")
	}
}
