//go:build !js

package bridgehttp

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// FuzzPath checks that the path that is sent, appended to the remote's base URL, is the original URL without its
// fragment for every parser: nothing is escaped twice, and nothing leads elsewhere.
func FuzzPath(f *testing.F) {
	for _, seed := range [][2]string{
		{"https://tasks.example.com/api", "https://tasks.example.com/api/a%2Fb?x=1#y"},
		{"https://tasks.example.com/api", "https://tasks.example.com/api//evil.example/"},
		{"https://tasks.example.com/api", "https://tasks.example.com/api/..//evil.example/"},
		{"https://tasks.example.com/a%2e", "https://TASKS.example.com:443/a%2e/%2e%2e?"},
		{"http://[::1]:80/", "http://[::1]/ä b?c d"},
		{"https://tasks.example.com", "https://remote.invalid/%zz"},
		{"https://tasks.example.com", "/a?b=c?d"},
		{"https://tasks.example.com", `/\evil.example`},
		{"https://tasks.example.com", "//tasks.example.com/a"},
		{"https://u:p@h/", "https://u:p@h/"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, base, text string) {
		u, err := url.Parse(text)
		if err != nil {
			return
		}
		transport, err := NewTransport("tasks-api", WithBaseURL(base))
		invoking, invokeErr := NewInvokeTransport(WithBaseURL(base))
		if (err == nil) != (invokeErr == nil) {
			t.Fatalf("the base %q: requestRemote %v, invokeRemote %v", base, err, invokeErr)
		}
		if err != nil {
			if !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Fatalf("the base %q: %v", base, err)
			}
			return
		}
		path, err := transport.path(&http.Request{URL: u})
		full, invokeErr := invoking.path(&http.Request{URL: u})
		if (err == nil) != (invokeErr == nil) {
			t.Fatalf("%q at %q: requestRemote %v, invokeRemote %v", text, base, err, invokeErr)
		}
		if err != nil {
			if !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Fatalf("%q at %q: %v", text, base, err)
			}
			return
		}
		b, err := url.Parse(base)
		if err != nil || b.User != nil || u.User != nil {
			t.Fatalf("%q at %q returns %q", text, base, path)
		}
		route, query, hasQuery := strings.Cut(path, "?")
		wantRoute := u.EscapedPath()
		if wantRoute == "" {
			wantRoute = "/"
		}
		if named := u.Host != "" && originOf(u) != Placeholder; named {
			if originOf(u) != originOf(b) {
				t.Fatalf("%q at %q is not refused", text, base)
			}
			if full != path && full != transport.base.path+path {
				t.Fatalf("%q at %q: invokeRemote gets %q, requestRemote %q", text, base, full, path)
			}
			route = transport.base.path + route
		} else if full != path {
			t.Fatalf("%q at %q: invokeRemote gets %q, requestRemote %q", text, base, full, path)
		}
		if route != wantRoute || query != u.RawQuery || hasQuery != (u.ForceQuery || u.RawQuery != "") {
			t.Fatalf("%q at %q returns %q", text, base, path)
		}
		if strings.ContainsAny(path, " \t\r\n#") || strings.ContainsAny(route, `\`) {
			t.Fatalf("%q at %q returns %q, which browsers read in another way", text, base, path)
		}
		for _, sent := range []string{path, full} {
			resolved, err := url.Parse("https://remote.example/deep/")
			if err == nil {
				resolved, err = resolved.Parse(sent)
			}
			if err != nil || resolved.Host != "remote.example" || resolved.EscapedPath() != strings.SplitN(sent, "?", 2)[0] {
				t.Fatalf("%q at %q returns %q, which leads to %v (%v)", text, base, sent, resolved, err)
			}
		}
	})
}
