package platform

import (
	"errors"
	"net/url"
	"testing"
)

func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, base, path, want string }{
		{"path", "https://x.example.com", "/t?q=1", "https://x.example.com/t?q=1"},
		{"base path stays", "https://x.example.com/api", "/t", "https://x.example.com/api/t"},
		{"no path", "https://x.example.com/api", "", "https://x.example.com/api"},
		{"slashes are not joined", "https://x.example.com/", "/t", "https://x.example.com//t"},
		{"longer host", "https://x.example.com", ".evil.example", ""},
		{"user", "https://x.example.com", "@evil.example/", ""},
		{"longer port", "http://127.0.0.1:80", "80/t", ""},
	} {
		t.Run(c.name, func(t *testing.T) { checkURL(t, Append, c.base, c.path, c.want) })
	}
}

func TestResolve(t *testing.T) {
	const base = "https://x.example.com/api/v1"
	for _, c := range []struct{ name, base, path, want string }{
		{"absolute path loses the base's", base, "/t", "https://x.example.com/t"},
		{"relative path", base, "t", "https://x.example.com/api/t"},
		{"relative to a folder", base + "/", "t", "https://x.example.com/api/v1/t"},
		{"dots", base, "/a/../../t", "https://x.example.com/t"},
		{"query only", base, "?q=1", "https://x.example.com/api/v1?q=1"},
		{"empty", "https://x.example.com", "", "https://x.example.com/"},
		{"fragment", base, "/t#here", "https://x.example.com/t"},
		{"space and ü", base, "/a b?q=ü x", "https://x.example.com/a%20b?q=%C3%BC%20x"},
		{"escapes stay", base, "/a%2Fb?q=%2B+1", "https://x.example.com/a%2Fb?q=%2B+1"},
		{"backslash", base, `\t`, "https://x.example.com/t"},
		{"backslash in a query", base, `/t?a=\`, `https://x.example.com/t?a=\`},
		{"another URL", base, "https://evil.example/", ""},
		{"the same origin as a URL", base, "https://x.example.com/t", ""},
		{"another host", base, "//evil.example/t", ""},
		{"another host by backslashes", base, `/\evil.example/t`, ""},
		{"another scheme", base, "javascript:alert(1)", ""},
		{"another host by a tab", base, "/\t/evil.example/t", ""},
		{"line break", base, "/t\r\nhost: evil.example", "https://x.example.com/thost:%20evil.example"},
		{"spaces around", base, " \x00/a b \x1f", "https://x.example.com/a%20b"},
		{"a control character inside", base, "/a\x01b", ""},
		{"escaped dots", base, "/a/%2e%2E/b/.%2e/%2E/t%2e", "https://x.example.com/t%2e"},
		{"escaped dots in a query", base, "/t?a=/%2e%2e/", "https://x.example.com/t?a=/%2e%2e/"},
		{"bad escape", base, "/100%", ""},
	} {
		t.Run(c.name, func(t *testing.T) { checkURL(t, Resolve, c.base, c.path, c.want) })
	}
}

func checkURL(t *testing.T, join func(base, path string) (*url.URL, error), base, path, want string) {
	t.Helper()
	u, err := join(base, path)
	if want == "" {
		if failed := (*Error)(nil); !errors.As(err, &failed) || failed.Code != InvalidRequest {
			t.Fatalf("got %v, %v; want an invalid request", u, err)
		}
		return
	}
	if err != nil || u.String() != want {
		t.Fatalf("got %v, %v; want %s", u, err, want)
	}
}

// However a path is written, the token stays with the remote.
func FuzzResolve(f *testing.F) {
	for _, path := range []string{"/t", "//evil.example", `/\evil.example`, "https:evil.example", "?q=\x00", "@evil.example", "\t//evil.example", "/\t/evil.example", "%2e%2e//evil.example"} {
		f.Add(path)
	}
	base, err := url.Parse("https://x.example.com/api/")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path string) {
		for _, join := range []func(base, path string) (*url.URL, error){Append, Resolve} {
			u, err := join(base.String(), path)
			if err != nil {
				continue
			}
			again, err := url.Parse(u.String())
			if err != nil || again.Host != base.Host || again.Scheme != base.Scheme {
				t.Fatalf("%q leads to %s (%v)", path, u, err)
			}
		}
	})
}
