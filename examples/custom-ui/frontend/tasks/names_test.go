package tasks

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/forgego/forgego/wasm"
)

func TestCleanName(t *testing.T) {
	cases := []struct {
		name, text, want, problem string
	}{
		{"plain", "Buy milk", "Buy milk", ""},
		{"white space around it", " \tBuy  milk\u00a0 ", "Buy  milk", ""},
		{"empty", "", "", "A task needs a name."},
		{"only white space", " \t\u3000", "", "A task needs a name."},
		{"200 characters", strings.Repeat("x", 200), strings.Repeat("x", 200), ""},
		{"200 characters of several bytes", strings.Repeat("買", 200), strings.Repeat("買", 200), ""},
		{"200 characters between spaces", " " + strings.Repeat("x", 200) + " ", strings.Repeat("x", 200), ""},
		{"201 characters", strings.Repeat("買", 201), "", "A task’s name has at most 200 characters. This one has 201."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, problem := english.cleanName(c.text); got != c.want || problem != c.problem {
				t.Errorf("cleanName returned %q, %q; want %q, %q", got, problem, c.want, c.problem)
			}
		})
	}
}

func TestQuoted(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"short", "Buy milk", "“Buy milk”"},
		{"80 characters", strings.Repeat("é", 80), "“" + strings.Repeat("é", 80) + "”"},
		{"81 characters", strings.Repeat("é", 81), "“" + strings.Repeat("é", 79) + "…”"},
		{"cut behind a word", strings.Repeat("x", 78) + " and more", "“" + strings.Repeat("x", 78) + "…”"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := english.quoted(c.text); got != c.want {
				t.Errorf("quoted returned %q; want %q", got, c.want)
			}
		})
	}
}

// TestUnreadable checks the text for a file that cannot be sent.
func TestUnreadable(t *testing.T) {
	cases := []struct {
		name string
		size int64
		err  error
		want string
	}{
		{"a byte too large", 10*1024*1024 + 1, wasm.ErrFileTooLarge, "“a.iso” is too large: it has 10.1 MB, and a task’s file at most 10 MB."},
		{"many gigabytes", 5 << 30, wasm.ErrFileTooLarge, "“a.iso” is too large: it has 5120 MB, and a task’s file at most 10 MB."},
		{"moved", 1, &wasm.Rejection{Name: "NotFoundError"}, "“a.iso” could not be read. It may have been moved or changed; choose it again."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := english.unreadable("a.iso", c.size, &wasm.FileError{Name: "a.iso", Err: c.err}); got != c.want {
				t.Errorf("the problem is %q; want %q", got, c.want)
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
			t.Errorf("%d bytes are %q; want %q", c.size, got, c.want)
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
				t.Errorf("fileName returned %q; want %q", got, c.want)
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
			t.Errorf("fileName(%q) returned %q, which is not a plain file name", text, name)
		}
		sent := url.PathEscape(name)
		if strings.ContainsFunc(sent, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
			t.Errorf("%q is sent as %q, which is not valid in a header", name, sent)
		}
		if back, err := url.PathUnescape(sent); err != nil || back != name {
			t.Errorf("%q was decoded as %q, %v", name, back, err)
		}
		if fileName(name) != name {
			t.Errorf("fileName changes its own result %q", name)
		}
	})
}

func TestDownloadName(t *testing.T) {
	cases := []struct{ name, disposition, want string }{
		{"as the backend sends it", "attachment; filename*=UTF-8''%C3%9Cn%C3%AF%20%E8%B2%B7%20%25.bin", "Ünï 買 %.bin"},
		{"a plain name", `attachment; filename="a b.txt"`, "a b.txt"},
		{"both", `attachment; filename="a.txt"; filename*=UTF-8''%C3%BC.txt`, "ü.txt"},
		{"none", "", "old.txt"},
		{"no name in it", "attachment", "old.txt"},
		{"an empty name", `attachment; filename=""`, "old.txt"},
		{"nonsense", "attachment; filename*=;;;=", "old.txt"},
		{"another encoding", "attachment; filename*=ISO-8859-1''%FC.txt", "old.txt"},
		{"a folder", `attachment; filename="../../etc/passwd"`, "passwd"},
		{"a folder of Windows", "attachment; filename*=UTF-8''C%3A%5Ca%5Cb.txt", "b.txt"},
		{"a hidden file", `attachment; filename=".bashrc"`, "bashrc"},
		{"only a folder", "attachment; filename*=UTF-8''a%2F", "file"},
		{"turned direction", "attachment; filename*=UTF-8''cod%E2%80%AEtxt.exe", "cod_txt.exe"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := downloadName(c.disposition, "old.txt"); got != c.want {
				t.Errorf("downloadName returned %q; want %q", got, c.want)
			}
		})
	}
}

// FuzzDownloadName checks that the name of a download is a plain file name, whatever the backend sends.
func FuzzDownloadName(f *testing.F) {
	f.Add("attachment; filename*=UTF-8''%C3%BC.txt", "a.txt")
	f.Add(`attachment; filename="../x"`, "../y")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, disposition, fallback string) {
		name := downloadName(disposition, fallback)
		if name == "" || name[0] == '.' || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, isHidden) {
			t.Errorf("downloadName returned %q, which is not a plain file name", name)
		}
	})
}

func TestKeys(t *testing.T) {
	k := make(keys)
	milk := k.of("Buy milk")
	if n := len(milk); n < 1 || n > 64 {
		t.Errorf("the key %q has %d characters; want 1 to 64", milk, n)
	}
	if k.of("Buy bread") == milk {
		t.Error("two names have the same key")
	}
	if k.of("Buy milk") != milk {
		t.Error("a second try has another key")
	}
	k.done("Buy milk")
	if k.of("Buy milk") == milk {
		t.Error("the next task of the same name has the old key")
	}
}
