package printable

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	long := strings.Repeat("x", 2000)
	for text, want := range map[string]string{
		"/plain?a=…":    "/plain?a=…",
		"a\x1b[31mb\n":  `a\u001b[31mb\u000a`,
		"\u009b31m\xff": `\u009b31m\ufffd`,
		long:            long[:1021] + "…",
		long[:1021]:     long[:1021],
	} {
		if got := Text(text); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestTarget(t *testing.T) {
	for target, want := range map[string]string{
		"/":            "/",
		"/a?":          "/a?",
		"/a?b":         "/a?…",
		"/a?b=":        "/a?b=…",
		"/a?b=c?d&e=f": "/a?b=…&e=…",
		"/a?&&b=c":     "/a?&&b=…",
		"*":            "*",
	} {
		if got := Target(target); got != want {
			t.Errorf("Target(%q) = %q, want %q", target, got, want)
		}
	}
}
