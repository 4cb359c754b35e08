package platform

import (
	"net/url"
	"strings"
)

// Append returns the URL of a requestRemote call: the path behind the remote's base URL, as it is written, and then read
// as a browser reads it: without a fragment, tabs and line breaks, and with its segments of dots resolved. It is an error
// if the path changes the origin, so that no token goes to another host.
func Append(base, path string) (*url.URL, error) {
	from, err := url.Parse(base)
	if err != nil {
		return nil, invalidRequest("The remote's base URL %q is not a URL.", base)
	}
	u, err := url.Parse(prepared(base + path))
	if err != nil || !sameOrigin(u, from) || u.User != nil {
		return nil, invalidRequest("The path %q does not lead to %s; begin it with a slash.", path, from.Scheme+"://"+from.Host)
	}
	u = from.ResolveReference(u)
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escapeQuery(u.RawQuery)
	return u, nil
}

// Resolve returns the URL of an invokeRemote call: the path resolved against the remote's base URL by the rules of the
// URL Standard, so that "/tasks" against "https://example.com/api" is "https://example.com/tasks". What the platform
// does with a path that is a URL of its own ("https://…", "//…") is not known; here it is an error.
func Resolve(base, path string) (*url.URL, error) {
	from, err := url.Parse(base)
	if err != nil {
		return nil, invalidRequest("The remote's base URL %q is not a URL.", base)
	}
	relative, err := url.Parse(prepared(path))
	if err != nil {
		return nil, invalidRequest("The path %q is not a URL path.", path)
	}
	if relative.Scheme != "" || relative.Host != "" || relative.User != nil {
		return nil, invalidRequest("The path %q is a URL of its own; give a path on %s, such as /tasks.", path, from.Host)
	}
	u := from.ResolveReference(relative)
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery = escapeQuery(u.RawQuery)
	return u, nil
}

var (
	dropped  = strings.NewReplacer("\t", "", "\n", "", "\r", "")
	plainDot = strings.NewReplacer("%2e", ".", "%2E", ".")
)

// prepared does to a path what the URL Standard does and net/url does not. Spaces and control characters at its ends go,
// and tabs and line breaks everywhere. Before the query, a backslash is a slash (or "/\example.com" would look like a path
// here and be a host in a browser), and "%2e" is a dot in a segment of dots.
func prepared(path string) string {
	path = dropped.Replace(strings.TrimFunc(path, func(r rune) bool { return r <= ' ' }))
	cut := strings.IndexAny(path, "?#")
	if cut < 0 {
		cut = len(path)
	}
	segments := strings.Split(strings.ReplaceAll(path[:cut], `\`, "/"), "/")
	for i, segment := range segments {
		if dots := plainDot.Replace(segment); dots == "." || dots == ".." {
			segments[i] = dots
		}
	}
	return strings.Join(segments, "/") + path[cut:]
}

// escapeQuery escapes what cannot stand in a request line; the rest of a query goes as the app wrote it.
func escapeQuery(query string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(query) {
		c := query[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>'`, c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
