package bridgehttp

import "testing"

func TestLatin1(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"ASCII":      {"a\tb", "a\tb"},
		"Latin-1":    {"Gr\u00fc\u00dfe", "Gr\xfc\xdfe"},
		"UTF-8":      {"\u00c3\u00a4", "ä"}, // each character is a byte
		"no Latin-1": {"ä…", "ä…"},
		"empty":      {"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := latin1(tt.text); got != tt.want {
				t.Errorf("latin1(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
