package platform

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/weburl"
)

func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, base, path, want string }{
		{"path", "https://x.example.com", "/t?q=1", "https://x.example.com/t?q=1"},
		{"base path stays", "https://x.example.com/api", "/t", "https://x.example.com/api/t"},
		{"no path", "https://x.example.com/api", "", "https://x.example.com/api"},
		{"slashes are not joined", "https://x.example.com/", "/t", "https://x.example.com//t"},
		{"escapes stay beside ü", "https://x.example.com/api", "/files/..%2F..%2Fadmin/ü", "https://x.example.com/api/files/..%2F..%2Fadmin/%C3%BC"},
		{"escapes stay beside a space", "https://x.example.com/api", "/files/a%2Fb c", "https://x.example.com/api/files/a%2Fb%20c"},
		{"a lone percent sign", "https://x.example.com", "/search/100%", "https://x.example.com/search/100%"},
		{"out of the base path", "https://x.example.com/api", "/../admin", ""},
		{"out of the base path by escapes", "https://x.example.com/api", "/%2e%2e/admin", ""},
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
		{"a control character inside", base, "/a\x01b", "https://x.example.com/a%01b"},
		{"escaped dots", base, "/a/%2e%2E/b/.%2e/%2E/t%2e", "https://x.example.com/t%2e"},
		{"escaped dots in a query", base, "/t?a=/%2e%2e/", "https://x.example.com/t?a=/%2e%2e/"},
		{"a lone percent sign", base, "/search/100%", "https://x.example.com/search/100%"},
		{"an empty segment behind dots", base, "/a/..//b", "https://x.example.com//b"},
		{"another host behind three slashes", base, "///evil.example/x", ""},
		{"escapes stay beside ü", base, "/files/..%2F..%2Fadmin/ü", "https://x.example.com/files/..%2F..%2Fadmin/%C3%BC"},
	} {
		t.Run(c.name, func(t *testing.T) { checkURL(t, Resolve, c.base, c.path, c.want) })
	}
}

func checkURL(t *testing.T, join func(base, path string) (weburl.URL, error), base, path, want string) {
	t.Helper()
	u, err := join(base, path)
	if want == "" {
		if failed := (*Error)(nil); !errors.As(err, &failed) || failed.Code != InvalidRequest || !strings.Contains(failed.Message, fmt.Sprintf("%q", path)) {
			t.Fatalf("got %v, %v; want an invalid request that names the path", u, err)
		}
		return
	}
	if err != nil || u.String() != want {
		t.Fatalf("got %v, %v; want %s", u, err, want)
	}
}

func TestBaseURL(t *testing.T) {
	for base, want := range map[string]string{
		"https://bücher.example": "xn--", "wss://x.example": `"https://"`, "https://x.example/?q": "query", "x.example": `"https://"`,
	} {
		for _, join := range []func(base, path string) (weburl.URL, error){Append, Resolve} {
			if u, err := join(base, "/t"); err == nil || !strings.Contains(err.Error(), base) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, %v", base, u, err)
			}
		}
	}
}

// The request sends exactly the joined URL, although net/url would write it differently.
func TestNewRequest(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	lines := make(chan string)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(c).ReadString('\n')
			_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			_ = c.Close()
			lines <- line
		}
	}()
	for path, want := range map[string]string{
		"/a%2Fb?q=%2B+1": "/a%2Fb?q=%2B+1", "/a|b%2Fc": "/a|b%2Fc", "/search/100%": "/search/100%", "/%zz/%2F/ü": "/%zz/%2F/%C3%BC", "//g/": "//g/",
		"/?": "/?", "": "/", "/a'(b)!*": "/a'(b)!*", "/[a]": "/[a]", "/~%7e": "/~%7e", "//g|": "http://" + l.Addr().String() + "//g|",
	} {
		u, err := Append("http://"+l.Addr().String(), path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRequest(t.Context(), "GET", u, nil)
		if err != nil {
			t.Fatal(err)
		}
		if URLOf(r) != u {
			t.Errorf("%q: the request's URL is read as %+v, want %+v", path, URLOf(r), u)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := <-lines; got != "GET "+want+" HTTP/1.1\r\n" {
			t.Errorf("%q is sent as %q, want %q", path, got, want)
		}
	}
}

func FuzzRequestURL(f *testing.F) {
	for _, path := range []string{"/a%2Fb?x", "/100%", "/%2%41|", "//a|?", "/ü^`"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		u, err := Append("https://x.example/a", path)
		if err != nil {
			return
		}
		r := &http.Request{URL: RequestURL(u)}
		if URLOf(r) != u {
			t.Fatalf("%q: %+v, want %+v", path, URLOf(r), u)
		}
		if sent := r.URL.RequestURI(); strings.TrimPrefix(sent, "https://x.example") != u.Path+u.Query {
			t.Fatalf("%q is sent as %q, want %q", path, sent, u.Path+u.Query)
		}
	})
}
