package weburl

import (
	"net/url"
	"strings"
	"testing"
)

// The folder test/suites/weburl compares the rules with the public suite of the URL Standard and with Chromium. This file has
// the cases of the joins, and past bugs.

func TestAppend(t *testing.T) {
	const api = "https://r.example/api"
	for _, c := range []struct {
		name, base, path, want string
		err                    error
	}{
		{"escapes stay beside ü", api, "/files/..%2F..%2Fadmin/ü", api + "/files/..%2F..%2Fadmin/%C3%BC", nil},
		{"escapes stay beside a space", api, "/files/a%2Fb c", api + "/files/a%2Fb%20c", nil},
		{"escapes stay beside a bar", api, "/a%2Fb|c", api + "/a%2Fb|c", nil},
		{"escapes stay beside a caret", api, "/a%2Fb^c", api + "/a%2Fb%5Ec", nil},
		{"escapes stay beside a quote", api, `/a%2Fb"c`, api + "/a%2Fb%22c", nil},
		{"a lone percent sign stays", api, "/search/100%", api + "/search/100%", nil},
		{"an empty segment stays behind dots", api, "/a/..//b", api + "//b", nil},
		{"two slashes do not name a host", "https://r.example", "///evil.example/x", "https://r.example///evil.example/x", nil},
		{"a query", api, `?q=ü"<>'`, api + "?q=%C3%BC%22%3C%3E%27", nil},
		{"no path", api, "", api, nil},
		{"no path, no base path", "https://r.example", "", "https://r.example/", nil},
		{"dots below the base", api, "/a/../b", api + "/b", nil},
		{"dots out of the base", api, "/../admin", "", ErrOutside},
		{"escaped dots out of the base", api, "/%2e%2E/admin", "", ErrOutside},
		{"dots by backslashes", api, `/..\admin`, "", ErrOutside},
		{"beside the base", api, "s/x", "", ErrOutside},
		{"user behind a base path", api, "@evil.example/", "", ErrOutside},
		{"longer host", "https://r.example", ".evil.example/", "", ErrOrigin},
		{"longer port", "http://127.0.0.1:80", "80/t", "", ErrOrigin},
		{"user", "https://r.example", "@evil.example/", "", ErrUser},
		{"password", "https://r.example", ":80@evil.example/", "", ErrUser},
		{"base with a query", api + "?x", "/t", "", ErrBase},
		{"base without slashes", "https:r.example", "/t", "", ErrScheme},
		{"base of another scheme", "wss://r.example", "/t", "", ErrScheme},
		{"base without a host", "https:///r.example", "/t", "", ErrHost},
		{"base in Unicode", "https://bücher.example", "/t", "", ErrHost},
		{"base with a bad port", "https://r.example:65536", "/t", "", ErrPort},
		{"base with a user", "https://a:b@r.example", "/t", "", ErrUser},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, Append, c.base, c.path, c.want, c.err) })
	}
}

func TestResolve(t *testing.T) {
	const base, origin = "https://r.example/api/v1", "https://r.example"
	for _, c := range []struct {
		name, path, want string
		err              error
	}{
		{"absolute path", "/t", origin + "/t", nil},
		{"relative path", "t", origin + "/api/t", nil},
		{"query only", "?q=1", base + "?q=1", nil},
		{"fragment only", "#x", base, nil},
		{"escapes stay beside ü", "/a%2Fb/ü", origin + "/a%2Fb/%C3%BC", nil},
		{"a lone percent sign stays", "/search/100%", origin + "/search/100%", nil},
		{"an empty segment stays behind dots", "/a/..//b", origin + "//b", nil},
		{"a host behind three slashes", "///evil.example/x", "", ErrWhole},
		{"a host behind two slashes", "//evil.example/x", "", ErrWhole},
		{"a host behind backslashes", `\\evil.example/x`, "", ErrWhole},
		{"a host behind a tab", "/\t/evil.example/x", "", ErrWhole},
		{"its own host", "//r.example/x", "", ErrWhole},
		{"a whole URL", "https://r.example/x", "", ErrWhole},
		{"only a scheme", "https:x", "", ErrWhole},
		{"another scheme", "javascript:alert(1)", "", ErrWhole},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, Resolve, base, c.path, c.want, c.err) })
	}
}

func check(t *testing.T, join func(base, path string) (URL, error), base, path, want string, wantErr error) {
	t.Helper()
	u, err := join(base, path)
	if err != wantErr || err == nil && u.String() != want {
		t.Errorf("%q and %q: %s, %v; want %s, %v", base, path, u, err, want, wantErr)
	}
}

func TestParseRedirect(t *testing.T) {
	from := URL{"https", "r.example", "/a/b", "?q"}
	for reference, want := range map[string]string{
		"/c d": "https://r.example/c%20d", "c": "https://r.example/a/c", "": "https://r.example/a/b?q", "?x#y": "https://r.example/a/b?x",
		`/\evil.example`: "https://evil.example/", "///evil.example": "https://evil.example/", "https:c": "https://r.example/a/c", "http:c": "http://c/",
	} {
		if got, err := from.Parse(reference); err != nil || got.String() != want {
			t.Errorf("%q: %s, %v; want %s", reference, got, err, want)
		}
	}
}

func TestOriginOf(t *testing.T) {
	for text, want := range map[string]string{
		"http://LOCALHOST:80/a?b#c": "http://localhost", "https://r.example:8443": "https://r.example:8443", "": "", "/a": "", "ws://r.example": "",
		"https://a@r.example/": "",
	} {
		if got := OriginOf(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestHosts(t *testing.T) {
	for host, want := range map[string]string{
		"A.Example": "a.example", "x_y.example.": "x_y.example.", "127.1": "127.0.0.1", "0x7F.0.0.01": "127.0.0.1", "2130706433": "127.0.0.1",
		"[::1]:443": "[::1]", "[0:0::0:1]": "[::1]", "[::FFFF:1.2.3.4]": "[::ffff:102:304]", "[1:0:0:2:0:0:0:3]": "[1:0:0:2::3]",
		"[1:2:3:4:5:6:7::]": "[1:2:3:4:5:6:7:0]", "a:00080": "a:80", "a:": "a",
	} {
		if u, err := Parse("https://" + host); err != nil || u.Host != want {
			t.Errorf("%s is %s, %v; want %s", host, u.Host, err, want)
		}
	}
	for _, host := range []string{
		"", ":80", "a:8x", "a:99999", "a b", "a%62", "a|b", "[::1", "::1", "[1:2]", "[::1::]", "[1:2:3:4:5:6:7:8:9]", "[:1]", "[1:]", "[::1.2.3]",
		"[::1.2.3.04]", "[1:2:3:4:5:6:7:1.2.3.4]", "[::g]", "256.0.0.1", "1.2.3.4.5", "1.2.3.08", "4294967296", "1..2",
	} {
		if u, err := Parse("https://" + host); err == nil {
			t.Errorf("%s is %s", host, u.Host)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "127.0.0.1": true, "127.255.0.9": true, "::1": true, "[::1]": true, "0:0:0:0:0:0:0:1": true,
		"127.1": false, "0177.0.0.1": false, "126.0.0.1": false, "localhost.example": false, "127.0.0.1.example": false, "[::1": false, "[localhost]": false, "[127.0.0.1]": false,
		"::2": false, "": false, "::": false, "0.0.0.0": false, "2130706433": false,
	} {
		if IsLoopback(host) != want {
			t.Errorf("%q: %t", host, !want)
		}
	}
}

func TestMisleading(t *testing.T) {
	for path, want := range map[string]string{
		"/a/b?c=/../d": "", "/100%": "", "/ü%2F..a/...": "", "/a//b": "", "": "start", "a": "start", "//a": `"//"`, "/a b": "space", "/a\n": "space",
		"/\x7f": "control", `/\a`: "backslash", "/a#b": "fragment", "/a/..": `".."`, "/./a": `".."`, "/%2e%2E/a": `".."`, "/.%2e": `".."`,
	} {
		if got := Misleading(path); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// FuzzJoin checks that the result of a join is on the host of the base URL and, for Append, below its path, also
// according to net/url, and that parsing it again does not change it.
func FuzzJoin(f *testing.F) {
	for _, path := range []string{
		"/t", "//evil.example", `/\evil.example`, "https:evil.example", "?q=\x00", "@evil.example", "\t//evil.example", "/\t/evil.example",
		"%2e%2e//evil.example", "/files/..%2F..%2Fadmin/ü", "/search/100%", "/a/..//b", "///evil.example/x", "/a|b^c\"d", ":80@x/", "/%2e%2e/",
	} {
		for _, base := range []string{"https://x.example.com/api/", "http://127.0.0.1:8787", "http://[::1]:1/a", `https://a\b`, "https://a/..;/b"} {
			f.Add(base, path)
		}
	}
	f.Fuzz(func(t *testing.T, base, path string) {
		b, err := ParseBase(base)
		if err != nil {
			return
		}
		for i, join := range []func(base, path string) (URL, error){Append, Resolve} {
			u, err := join(base, path)
			if err != nil {
				continue
			}
			text := u.String()
			again, err := Parse(text)
			if err != nil || again != u {
				t.Fatalf("%q is read again as %q, %v", text, again, err)
			}
			if u.Origin() != b.Origin() || i == 0 && u.Path != b.Path && !strings.HasPrefix(u.Path, strings.TrimSuffix(b.Path, "/")+"/") {
				t.Fatalf("%q and %q lead to %q", base, path, text)
			}
			if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7F }) || strings.ContainsAny(u.Path, `\#?`) || strings.ContainsAny(u.Query, "#") {
				t.Fatalf("%q and %q become %q, which is not escaped", base, path, text)
			}
			for segment := range strings.SplitSeq(u.Path, "/") {
				if dots(segment) > 0 {
					t.Fatalf("%q and %q become %q, which has dots left", base, path, text)
				}
			}
			// net/url refuses some hosts that browsers accept, and a lone "%".
			if other, err := url.Parse(text); err == nil && (other.Host != u.Host || other.Scheme != u.Scheme || other.User != nil || other.Fragment != "") {
				t.Fatalf("net/url reads %q as %+v", text, other)
			}
		}
	})
}
