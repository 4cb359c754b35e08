package terminal

import "testing"

func TestCharacters(t *testing.T) {
	for _, c := range []struct{ name, sent, want string }{
		{"keys", "rq", "rq"},
		{"an arrow", "\x1b[Ar", "r"},
		{"an arrow with Control", "\x1b[1;5Cr", "r"},
		{"a function key", "\x1bOQr", "r"},
		{"a key of the keypad", "\x1bOqr", "r"},
		{"Alt and a key", "\x1bqr", "r"},
		{"Escape", "\x1b", ""},
		{"an incomplete sequence", "\x1b[1;", ""},
		{"a letter outside ASCII", "ör", "r"},
		{"nothing", "", ""},
	} {
		if got := string(characters([]byte(c.sent))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
