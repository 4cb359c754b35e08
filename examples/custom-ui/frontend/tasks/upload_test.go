package tasks

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSizeProblem(t *testing.T) {
	cases := []struct {
		name string
		size int64
		want string
	}{
		{"nothing", 0, ""},
		{"10 MB", 10 * 1024 * 1024, ""},
		{"a byte more", 10*1024*1024 + 1, "“a.iso” is too large: it has 10.1 MB, and a task’s file at most 10 MB."},
		{"many gigabytes", 5 << 30, "“a.iso” is too large: it has 5120 MB, and a task’s file at most 10 MB."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := english.sizeProblem("a.iso", c.size); got != c.want {
				t.Errorf("gave %q", got)
			}
		})
	}
}

func TestSize(t *testing.T) {
	cases := []struct {
		size int64
		want string
	}{
		{0, "0 bytes"},
		{1, "1 byte"},
		{1023, "1023 bytes"},
		{1024, "1 KB"},
		{1025, "1.1 KB"},
		{1536, "1.5 KB"},
		{300000, "293 KB"},
		{1023 << 10, "1023 KB"},
		{1023<<10 + 1, "1 MB"},
		{1 << 20, "1 MB"},
		{10<<20 - 1, "10 MB"},
		{10<<20 + 1, "10.1 MB"},
	}
	for _, c := range cases {
		if got := english.Size(c.size); got != c.want {
			t.Errorf("%d: %q, not %q", c.size, got, c.want)
		}
	}
}

func TestFileName(t *testing.T) {
	long := strings.Repeat("買", 300) + ".tar.gz"
	cases := []struct{ name, text, want string }{
		{"plain", "Report (final) ü.pdf", "Report (final) ü.pdf"},
		{"255 characters", strings.Repeat("買", 255), strings.Repeat("買", 255)},
		{"more", long, strings.Repeat("買", 234) + "…" + strings.Repeat("買", 13) + ".tar.gz"},
		{"slashes", `a/b\c.txt`, "a_b_c.txt"},
		{"control characters", "a\x00b\r\nc\u0085.txt", "a_b__c_.txt"},
		{"turned direction", "cod\u202etxt.exe\u2066", "cod_txt.exe_"},
		{"not UTF-8", "a\xff.txt", "a_.txt"},
		{"empty", "", "file"},
		{"white space", " \u3000", "file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := fileName(c.text); got != c.want {
				t.Errorf("gave %q", got)
			}
		})
	}
}

// FuzzFileName checks that any file name can be sent, and comes back unchanged.
func FuzzFileName(f *testing.F) {
	for _, name := range []string{"a.txt", "ü 買 + & % =.bin", "../x", "\xff\x00", strings.Repeat("x", 400)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := fileName(text)
		if n := utf8.RuneCountInString(name); n < 1 || n > maxFileName || !utf8.ValidString(name) || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, isHidden) {
			t.Errorf("%q became %q", text, name)
		}
		sent := url.PathEscape(name)
		if strings.ContainsFunc(sent, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
			t.Errorf("%q is sent as %q", name, sent)
		}
		if back, err := url.PathUnescape(sent); err != nil || back != name {
			t.Errorf("%q came back as %q, %v", name, back, err)
		}
		if fileName(name) != name {
			t.Errorf("%q changes again", name)
		}
	})
}
