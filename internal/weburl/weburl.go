// Package weburl reads http and https URLs as browsers do, by the URL Standard (https://url.spec.whatwg.org/), and joins
// the base URL of a remote with the path of a request. Package net/url follows RFC 3986, which reads some of them
// differently, and is too large for a front end.
//
// It reads a part of what the standard allows: a URL has no user, and its host is written in ASCII, without escapes.
package weburl

import "strings"

// URL is an http or https URL without its fragment, which is never sent.
type URL struct {
	// Scheme is "https" or "http".
	Scheme string
	// Host is in lower case, with the port unless it is the scheme's own.
	Host string
	// Path starts with "/" and is escaped.
	Path string
	// Query is escaped and starts with "?"; it is empty if there is none.
	Query string
}

// String returns the URL as text. It is ASCII.
func (u URL) String() string { return u.Origin() + u.Path + u.Query }

// Origin returns the URL's origin, as browsers send it.
func (u URL) Origin() string { return u.Scheme + "://" + u.Host }

// Hostname returns the host without its port.
func (u URL) Hostname() string {
	if end := strings.LastIndexByte(u.Host, ':'); end > strings.LastIndexByte(u.Host, ']') {
		return u.Host[:end]
	}
	return u.Host
}

// IsBelow reports whether a URL is a base URL or below it.
func (u URL) IsBelow(base URL) bool {
	return u.Origin() == base.Origin() && (u.Path == base.Path || strings.HasPrefix(u.Path, strings.TrimSuffix(base.Path, "/")+"/"))
}

// Error says what is wrong with a URL or a path, as the end of a sentence that begins with it.
type Error string

func (e Error) Error() string { return string(e) }

// The errors of this package.
const (
	ErrScheme  = Error(`does not begin with "https://" or "http://"`)
	ErrUser    = Error("has a user name or a password, or a host with an @")
	ErrHost    = Error("has no host that could be reached; a name outside ASCII must be written in its form with xn--")
	ErrPort    = Error("has a port that is not a number up to 65535")
	ErrBase    = Error(`is not a plain base URL: it must not have a query, a fragment, a space, a control character or a backslash`)
	ErrOrigin  = Error("leads to another host")
	ErrOutside = Error("leads out of the path of the base URL")
	ErrWhole   = Error("is a URL of its own")
)

// Parse reads an absolute URL.
func Parse(text string) (URL, error) { return parse(stripped(text), nil) }

// Parse reads a reference as it is meant in a document at u, such as the Location of a redirect. It may lead anywhere.
func (u URL) Parse(reference string) (URL, error) { return parse(stripped(reference), &u) }

// ParseBase reads a URL that paths are joined to.
func ParseBase(text string) (URL, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !isHTTP(lower(scheme)) {
		return URL{}, ErrScheme
	}
	if rest == "" || rest[0] == '/' {
		return URL{}, ErrHost
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; c <= ' ' || c == 0x7F || c == '\\' || c == '?' || c == '#' {
			return URL{}, ErrBase
		}
	}
	return parse(text, nil)
}

// Append returns the URL of a path that is written behind a base URL. It is an error if that is on another host, or not
// below the base URL's own path. The path "" or one that begins with "?" leads to the base URL itself.
func Append(base, path string) (URL, error) {
	from, err := ParseBase(base)
	if err != nil {
		return URL{}, err
	}
	u, err := Parse(base + path)
	switch {
	case err != nil:
		return URL{}, err
	case u.Origin() != from.Origin():
		return URL{}, ErrOrigin
	case !u.IsBelow(from):
		return URL{}, ErrOutside
	}
	return u, nil
}

// Resolve returns the URL of a path on the page at a base URL, so that "/tasks" at "https://example.com/api" is
// "https://example.com/tasks". It is an error if the path is a URL of its own, even one of the same host.
func Resolve(base, path string) (URL, error) {
	from, err := ParseBase(base)
	if err != nil {
		return URL{}, err
	}
	path = stripped(path)
	if _, rest := cutScheme(path); len(rest) != len(path) || len(path) > 1 && isSlash(path[0]) && isSlash(path[1]) {
		return URL{}, ErrWhole
	}
	return parse(path, &from)
}

// Misleading says why a path and query does not lead where it seems to, or why not all programs read it as browsers do;
// "" if there is nothing. A path that goes out with a token should not be misleading, as a part of it may be a stranger's.
func Misleading(path string) string {
	switch {
	case path == "" || path[0] != '/':
		return `must start with "/"`
	case len(path) > 1 && path[1] == '/':
		return `must not start with "//", which names another host where a path is resolved`
	}
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c <= ' ' || c == 0x7F:
			return "holds a space or a control character; escape it as %XX"
		case c == '#':
			return `holds a fragment ("#"), which is not sent; escape it as %23`
		}
	}
	route, _, _ := strings.Cut(path, "?")
	if strings.IndexByte(route, '\\') >= 0 {
		return `holds a backslash, which browsers take for a slash; escape it as %5C`
	}
	for segment := range strings.SplitSeq(route, "/") {
		if dots(segment) > 0 {
			return `holds a "." or ".." segment, which would lead elsewhere`
		}
	}
	return ""
}
