package fetchspec

import (
	"strings"
	"testing"
)

func TestIsToken(t *testing.T) {
	const tokens = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for c := range 256 {
		text := "x" + string([]byte{byte(c)})
		if want := strings.IndexByte(tokens, byte(c)) >= 0; IsToken(text) != want {
			t.Errorf("%q: got %t", text, !want)
		}
	}
	if IsToken("") || !IsToken("x") || IsToken("é") {
		t.Errorf("got %t, %t and %t", IsToken(""), IsToken("x"), IsToken("é"))
	}
}

func TestNormalizeValue(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "a": "a", " \t\r\na b\n\r\t ": "a b", "\u00a0a\v": "\u00a0a\v", "a\u0085": "a\u0085", " ": "",
	} {
		if got := NormalizeValue(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

func TestIsForbiddenRequestHeader(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        bool
	}{
		{"Cookie", "a=b", true},
		{"DNT", "1", true},
		{"Set-Cookie", "a=b", true},
		{"Proxy-Authorization", "a", true},
		{"sec-fetch-mode", "cors", true},
		{"Proxy", "a", false},
		{"Authorization", "a", false},
		{"User-Agent", "a", false},
		{"X-HTTP-Method-Override", "TRACE", true},
		{"X-Method-Override", "PUT,\t track ", true},
		{"X-HTTP-Method", "connect", true},
		{"X-HTTP-Method", "PUT", false},
		{"X-HTTP-Method", "traces", false},
		{"X-Other", "TRACE", false},
	} {
		if got := IsForbiddenRequestHeader(tt.name, tt.value); got != tt.want {
			t.Errorf("%s: %q: got %t, want %t", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestIsForbiddenResponseHeader(t *testing.T) {
	for name, want := range map[string]bool{"Set-Cookie": true, "set-cookie2": true, "Cookie": false, "Set-Cookie3": false} {
		if got := IsForbiddenResponseHeader(name); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
}

func TestLatin1(t *testing.T) {
	for text, sent := range map[string]string{"": "", "a\tb": "a\tb", "Gr\u00fc\u00dfe": "Gr\xfc\xdfe", "\u00c3\u00a4": "ä"} {
		if got, ok := Latin1(text); got != sent || !ok {
			t.Errorf("Latin1(%q) = %q, %t, want %q", text, got, ok, sent)
		}
		if got := FromLatin1(sent); got != text {
			t.Errorf("FromLatin1(%q) = %q, want %q", sent, got, text)
		}
	}
	for _, text := range []string{"ä…", "\xff"} { // a byte that is not UTF-8 is U+FFFD
		if got, ok := Latin1(text); ok {
			t.Errorf("Latin1(%q) = %q", text, got)
		}
	}
}
