package platform

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// NewRequest returns a request to a URL and sends the URL unchanged. net/http itself would escape a "|" again, decode
// a path that contains one, and refuse a lone "%".
func NewRequest(ctx context.Context, method string, u weburl.URL, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, u.Origin(), body)
	if err != nil {
		return nil, invalidRequest("The request cannot be made: %v.", err)
	}
	r.URL = RequestURL(u)
	return r, nil
}

// RequestURL returns a URL for an http.Request. [URLOf] is its inverse.
func RequestURL(u weburl.URL) *url.URL {
	out := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: Unescape(u.Path), RawQuery: strings.TrimPrefix(u.Query, "?"), ForceQuery: u.Query == "?"}
	if out.EscapedPath() == u.Path {
		return out
	}
	if out.RawPath = u.Path; out.EscapedPath() == u.Path {
		return out
	}
	// net/http would write this path differently. It sends an opaque path unchanged.
	out.Opaque = u.Path
	if strings.HasPrefix(u.Path, "//") {
		out.Opaque = "//" + u.Host + u.Path
	}
	return out
}

// URLOf returns the URL of a request made by NewRequest.
func URLOf(r *http.Request) weburl.URL {
	u := weburl.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.EscapedPath()}
	if r.URL.Opaque != "" {
		u.Path = strings.TrimPrefix(r.URL.Opaque, "//"+r.URL.Host)
	}
	if r.URL.ForceQuery || r.URL.RawQuery != "" {
		u.Query = "?" + r.URL.RawQuery
	}
	return u
}

// Unescape returns a path without escapes. Invalid escapes stay unchanged.
func Unescape(path string) string {
	if text, err := url.PathUnescape(path); err == nil {
		return text
	}
	var b strings.Builder
	for path != "" {
		size := 1
		if path[0] == '%' && len(path) >= 3 {
			size = 3
		}
		text, err := url.PathUnescape(path[:size])
		if err != nil {
			size, text = 1, path[:1]
		}
		b.WriteString(text)
		path = path[size:]
	}
	return b.String()
}
