package bridge

import (
	"errors"
	"testing"
)

func TestDirectURL(t *testing.T) {
	tests := map[string]struct{ base, path, want string }{
		"plain":            {"https://tasks.example.com", "/tasks?team=Forge", "https://tasks.example.com/tasks?team=Forge"},
		"slash at end":     {"https://tasks.example.com/", "/tasks", "https://tasks.example.com/tasks"},
		"a base path":      {"https://example.com/api/v1", "/tasks", "https://example.com/api/v1/tasks"},
		"port":             {"http://127.0.0.1:8787", "/", "http://127.0.0.1:8787/"},
		"localhost":        {"http://localhost:1", "/", "http://localhost:1/"},
		"IPv6":             {"http://[::1]:8080", "/", "http://[::1]:8080/"},
		"Unicode, escape":  {"https://example.com", "/täsks/%2F%5C..a/...", "https://example.com/t%C3%A4sks/%2F%5C..a/..."},
		"a query":          {"https://example.com", `/t?q=ü"<>'`, "https://example.com/t?q=%C3%BC%22%3C%3E%27"},
		"lone percent":     {"https://example.com/api", "/search/100%", "https://example.com/api/search/100%"},
		"dots in escapes":  {"https://example.com/api", "/files/..%2F..%2Fadmin/ü", "https://example.com/api/files/..%2F..%2Fadmin/%C3%BC"},
		"own port":         {"https://example.com:443/", "/", "https://example.com/"},
		"another ::1":      {"http://[0::1]:80", "/", "http://[::1]/"},
		"dots in the base": {"https://example.com/a/../b", "/", "https://example.com/b/"},
		"dots in query":    {"https://example.com", "/t?u=/../x", "https://example.com/t?u=/../x"},
		"capitals":         {"HTTPS://Example.COM", "/", "https://example.com/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := directURL(tt.base, tt.path)
			if err != nil || got != tt.want {
				t.Errorf("directURL(%q, %q) = %q, %v; want %q", tt.base, tt.path, got, err, tt.want)
			}
		})
	}
}

func TestDirectURLRefuses(t *testing.T) {
	const base = "https://tasks.example.com"
	tests := map[string]struct {
		base, path string
		want       error
	}{
		"another host":          {base, "//evil.example", ErrInvalidRequest},
		"user info":             {base, "@evil.example", ErrInvalidRequest},
		"backslash":             {base, `\evil.example`, ErrInvalidRequest},
		"slash, backslash":      {base, `/\evil.example`, ErrInvalidRequest},
		"suffix of the host":    {base, ".evil.example", ErrInvalidRequest},
		"a whole URL":           {base, "https://evil.example/", ErrInvalidRequest},
		"empty":                 {base, "", ErrInvalidRequest},
		"parent":                {base, "/a/../../b", ErrInvalidRequest},
		"parent at the end":     {base, "/a/..", ErrInvalidRequest},
		"here":                  {base, "/./a", ErrInvalidRequest},
		"escaped parent":        {base, "/a/%2e%2E/b", ErrInvalidRequest},
		"half escaped parent":   {base, "/a/.%2e/b", ErrInvalidRequest},
		"tab":                   {base, "/\t/evil.example", ErrInvalidRequest},
		"newline":               {base, "/a\nb", ErrInvalidRequest},
		"space":                 {base, "/a b", ErrInvalidRequest},
		"DEL":                   {base, "/a\x7f", ErrInvalidRequest},
		"fragment":              {base, "/a#b", ErrInvalidRequest},
		"base with user info":   {"https://user:pass@tasks.example.com", "/", ErrInvalidResponse},
		"base without host":     {"https://", "/", ErrInvalidResponse},
		"base with a query":     {"https://example.com/a?b", "/", ErrInvalidResponse},
		"base with a fragment":  {"https://example.com/a#b", "/", ErrInvalidResponse},
		"base with backslash":   {`https://example.com\@evil.example`, "/", ErrInvalidResponse},
		"base is http":          {"http://example.com", "/", ErrInvalidResponse},
		"base is like loopback": {"http://localhost.example.com", "/", ErrInvalidResponse},
		"base is javascript":    {"javascript://example.com/", "/", ErrInvalidResponse},
		"base is relative":      {"//example.com", "/", ErrInvalidResponse},
		"base with a bad port":  {"https://example.com:80a", "/", ErrInvalidResponse},
		"base in Unicode":       {"https://exämple.com", "/", ErrInvalidResponse},
		"base with an escape":   {"https://example%2ecom", "/", ErrInvalidResponse},
		"base with IPv6":        {"https://[::1", "/", ErrInvalidResponse},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := directURL(tt.base, tt.path)
			if !errors.Is(err, tt.want) {
				t.Errorf("directURL(%q, %q) = %q, %v; want %v", tt.base, tt.path, got, err, tt.want)
			}
		})
	}
}
