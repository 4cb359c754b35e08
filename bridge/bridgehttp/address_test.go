package bridgehttp

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestPath(t *testing.T) {
	const base, deep = "https://tasks.example.com", "https://tasks.example.com/api/v1/"
	tests := map[string]struct{ base, url, want, invoke string }{
		"no host":                    {"", "/tasks?x=1", "/tasks?x=1", "/tasks?x=1"},
		"no host, but scheme":        {"", "https:///tasks", "/tasks", "/tasks"},
		"no host, no path":           {"", "", "/", "/"},
		"only a query":               {"", "?x", "/?x", "/?x"},
		"no host, a base":            {deep, "/tasks", "/tasks", "/tasks"},
		"placeholder":                {"", Placeholder + "/tasks", "/tasks", "/tasks"},
		"placeholder, a base":        {deep, Placeholder + "/tasks", "/tasks", "/tasks"},
		"placeholder, port":          {"", Placeholder + ":443/tasks", "/tasks", "/tasks"},
		"base":                       {base, base + "/tasks", "/tasks", "/tasks"},
		"base alone":                 {base, base, "/", "/"},
		"base and query":             {base, base + "?x", "/?x", "/?x"},
		"capitals":                   {base, "HTTPS://Tasks.Example.COM/A", "/A", "/A"},
		"base's port":                {base + ":443", base + "/a", "/a", "/a"},
		"request's port":             {base, base + ":443/a", "/a", "/a"},
		"an empty port":              {base, base + ":/a", "/a", "/a"},
		"base's empty port":          {base + ":", base + "/a", "/a", "/a"},
		"http":                       {"http://127.0.0.1:8787", "http://127.0.0.1:8787/a", "/a", "/a"},
		"http, port 80":              {"http://localhost", "http://localhost:80/a", "/a", "/a"},
		"IPv6":                       {"http://[::1]:8787", "http://[::1]:8787/a", "/a", "/a"},
		"base with a path":           {deep, deep + "tasks/1", "/tasks/1", "/api/v1/tasks/1"},
		"base's own slash":           {deep, deep, "/", "/api/v1/"},
		"escapes in the base":        {base + "/a%2Fb", base + "/a%2Fb/c", "/c", "/a%2Fb/c"},
		"fragment":                   {"", "/tasks?x#y?z", "/tasks?x", "/tasks?x"},
		"empty query":                {"", "/tasks?", "/tasks?", "/tasks?"},
		"escaped slash":              {"", "/a%2fb%2Fc", "/a%2fb%2Fc", "/a%2fb%2Fc"},
		"needless escapes":           {"", "/%74asks", "/%74asks", "/%74asks"},
		"what needs escapes":         {"", "/ä b\"<>\\^`{|}", "/%C3%A4%20b%22%3C%3E%5C%5E%60%7B%7C%7D", "/%C3%A4%20b%22%3C%3E%5C%5E%60%7B%7C%7D"},
		"characters without escapes": {"", "/a;b=c,d:e@f!$&'()*+~-_.", "/a;b=c,d:e@f!$&'()*+~-_.", "/a;b=c,d:e@f!$&'()*+~-_."},
		"a query as it is":           {"", "/?a=ä&b=%zz&c=?/;[]{}", "/?a=ä&b=%zz&c=?/;[]{}", "/?a=ä&b=%zz&c=?/;[]{}"},
		"dots in names":              {"", "/..a/...?x=/../y", "/..a/...?x=/../y", "/..a/...?x=/../y"},
		"empty segments":             {"", "/a//b", "/a//b", "/a//b"},
		"a host in the query":        {"", "/?//evil.example", "/?//evil.example", "/?//evil.example"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			options := []Option{}
			if tt.base != "" {
				options = append(options, WithBaseURL(tt.base))
			}
			r, err := http.NewRequest("GET", tt.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := must(NewTransport("tasks-api", options...)).path(r); err != nil || got != tt.want {
				t.Errorf("requestRemote: %q, %v; want %q", got, err, tt.want)
			}
			if got, err := must(NewInvokeTransport(options...)).path(r); err != nil || got != tt.invoke {
				t.Errorf("invokeRemote: %q, %v; want %q", got, err, tt.invoke)
			}
		})
	}
}

func TestPathRefuses(t *testing.T) {
	const base, deep = "https://tasks.example.com", "https://tasks.example.com/api"
	at := func(text string) *http.Request {
		r, err := http.NewRequest("GET", text, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	of := func(u *url.URL) *http.Request { return &http.Request{URL: u} }
	withHost := func(r *http.Request, host string) *http.Request { r.Host = host; return r }
	tests := map[string]struct {
		base    string
		request *http.Request
		text    string
	}{
		"no URL":                  {"", of(nil), "there is none"},
		"a host, no base":         {"", at(base + "/tasks"), "WithBaseURL"},
		"another host":            {base, at("https://evil.example/tasks"), "must be the remote's base URL"},
		"a host with that prefix": {base, at(base + ".evil.example/tasks"), "must be the remote's base URL"},
		"another port":            {base, at(base + ":8443/tasks"), "must be the remote's base URL"},
		"another scheme":          {base, at("http://tasks.example.com/tasks"), "must be the remote's base URL"},
		"placeholder by http":     {base, at("http://remote.invalid/tasks"), "must be the remote's base URL"},
		"ws":                      {base, at("wss://tasks.example.com/tasks"), "must be the remote's base URL"},
		"file":                    {"", at("file:///etc/passwd"), "scheme"},
		"a host without scheme":   {base, at("//tasks.example.com/tasks"), "must be the remote's base URL"},
		"opaque":                  {"", at("https:tasks"), "opaque"},
		"user":                    {base, at("https://user@tasks.example.com/"), "user"},
		"password":                {base, at("https://user:secret@tasks.example.com/"), "user"},
		"beside the base":         {deep, at(base + "/apis"), "below"},
		"above the base":          {deep, at(base + "/"), "below"},
		"the base, no slash":      {deep, at(deep), "below"},
		"out of the base":         {deep, at(deep + "/../x"), `".."`},
		"a letter escaped":        {deep, at(base + "/%61pi/x"), "below"},
		"another host below":      {deep, at(deep + "//evil.example"), `"//"`},
		"dot":                     {"", at("/a/./b"), `"."`},
		"dots at the end":         {"", at("/a/.."), `".."`},
		"escaped dots":            {"", at("/a/%2e%2E/b"), `".."`},
		"half escaped dots":       {"", at("/a/.%2e"), `".."`},
		"two slashes":             {"", of(&url.URL{Path: "//evil.example"}), `"//"`},
		"no slash":                {"", of(&url.URL{Path: "tasks"}), `start with "/"`},
		"star":                    {"", of(&url.URL{Path: "*"}), `start with "/"`},
		"a space in the query":    {"", of(&url.URL{Path: "/", RawQuery: "a b"}), "space"},
		"a break in the query":    {"", of(&url.URL{Path: "/", RawQuery: "a\r\nX: y"}), "control"},
		"# in the query":          {"", of(&url.URL{Path: "/", RawQuery: "a#b"}), "%23"},
		"another Host field":      {base, withHost(at(base+"/"), "evil.example"), "Host"},
		"a Host field alone":      {"", withHost(at("/"), "tasks.example.com"), "Host"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			options := []Option{}
			if tt.base != "" {
				options = append(options, WithBaseURL(tt.base))
			}
			for _, transport := range []*Transport{must(NewTransport("tasks-api", options...)), must(NewInvokeTransport(options...))} {
				got, err := transport.path(tt.request)
				if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("%s: %q, %v; want an error with %q", transport.op, got, err, tt.text)
				}
				if err != nil && strings.Contains(err.Error(), "secret") {
					t.Errorf("%s: the error contains the password: %v", transport.op, err)
				}
			}
		})
	}
}

func TestInvalidOptions(t *testing.T) {
	const base = "https://tasks.example.com"
	for name, tt := range map[string]struct{ base, text string }{
		"no URL":      {"https://[", "no host"},
		"no scheme":   {"tasks.example.com", `"https://"`},
		"no host":     {"https:///api", "no host"},
		"opaque":      {"https:api", `"https://"`},
		"user":        {"https://u@tasks.example.com", "user"},
		"query":       {base + "?x", "must not have a query, a fragment"},
		"empty query": {base + "?", "must not have a query, a fragment"},
		"fragment":    {base + "/#", "must not have a query, a fragment"},
		"dots":        {base + "/a/../b", `".."`},
		"two slashes": {base + "//a", `"//"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewTransport("tasks-api", WithBaseURL(tt.base))
			_, invokeErr := NewInvokeTransport(WithBaseURL(tt.base))
			for _, err := range []error{err, invokeErr} {
				if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), "WithBaseURL") || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("got %v; want an error with %q", err, tt.text)
				}
			}
		})
	}
	if _, err := NewTransport(""); !errors.Is(err, bridge.ErrInvalidRequest) {
		t.Errorf("without a key: %v", err)
	}
	must(NewTransport("tasks-api", nil)) // a nil option changes nothing
}

// must returns v, and panics if there is an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
