// Package weburl parses http and https URLs as browsers do, by the URL Standard (https://url.spec.whatwg.org/), and
// joins the base URL of a remote with the path of a request. Package net/url follows RFC 3986, which reads some URLs
// differently, and is too large for a front end.
//
// It accepts a part of the standard: a URL has no user, and its host is in ASCII, without escapes.
package weburl

import (
	"strings"

	"github.com/forgego/forgego/internal/ascii"
)

// URL is an http or https URL without its fragment, which is never sent.
type URL struct {
	// Scheme is "https" or "http".
	Scheme string
	// Host is in lower case, with the port unless it is the scheme's default.
	Host string
	// Path starts with "/" and is escaped.
	Path string
	// Query is escaped and starts with "?", or is empty if there is none.
	Query string
}

// String returns the URL as text. It is ASCII.
func (u URL) String() string { return u.Origin() + u.Path + u.Query }

// Origin returns the URL's origin, as browsers send it.
func (u URL) Origin() string { return u.Scheme + "://" + u.Host }

// OriginOf returns the origin of an absolute URL as browsers send it, or "" if the text is not a URL that [Parse] accepts.
func OriginOf(text string) string {
	u, err := Parse(text)
	if err != nil {
		return ""
	}
	return u.Origin()
}

// Hostname returns the host without its port.
func (u URL) Hostname() string {
	if end := strings.LastIndexByte(u.Host, ':'); end > strings.LastIndexByte(u.Host, ']') {
		return u.Host[:end]
	}
	return u.Host
}

// IsBelow reports whether u is base or below it.
func (u URL) IsBelow(base URL) bool {
	return u.Origin() == base.Origin() && (u.Path == base.Path || strings.HasPrefix(u.Path, strings.TrimSuffix(base.Path, "/")+"/"))
}

// Error says what is wrong with a URL or a path. It is the end of a sentence that starts with the URL.
type Error string

func (e Error) Error() string { return string(e) }

// The errors of this package.
const (
	ErrScheme  = Error(`does not begin with "https://" or "http://"`)
	ErrUser    = Error("has a user name or a password, or a host with an @")
	ErrHost    = Error("has no host, or one that is not valid; write a name outside ASCII in its xn-- form")
	ErrPort    = Error("has a port that is not a number up to 65535")
	ErrBase    = Error(`is not a plain base URL: it must not have a query, a fragment, a space, a control character or a backslash`)
	ErrOrigin  = Error("leads to another host")
	ErrOutside = Error("leads out of the path of the base URL")
	ErrWhole   = Error("is an absolute URL")
)

// Parse parses an absolute URL.
func Parse(text string) (URL, error) { return parse(stripped(text), nil) }

// Parse parses a reference in a document at u, such as the Location of a redirect. It may lead anywhere.
func (u URL) Parse(reference string) (URL, error) { return parse(stripped(reference), &u) }

// ParseBase parses a URL that paths are joined to.
func ParseBase(text string) (URL, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !isHTTP(ascii.Lower(scheme)) {
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

// Append returns the URL of a path appended to a base URL. It returns an error if the result is on another host, or
// not below the base URL's path. The path "", or one that starts with "?", leads to the base URL itself.
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

// Resolve resolves a path against a base URL: "/tasks" and "https://example.com/api" become
// "https://example.com/tasks". It returns an error if the path is an absolute URL, even one of the same host.
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

// Misleading says why a path and query does not lead where it seems to, or why programs may read it differently. It
// returns "" if there is no reason. Do not send a misleading path with a token, because a part of the path may come
// from an attacker.
func Misleading(path string) string {
	switch {
	case path == "" || path[0] != '/':
		return `must start with "/"`
	case len(path) > 1 && path[1] == '/':
		return `must not start with "//", which names another host when the path is resolved`
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
		return `holds a backslash, which browsers read as a slash; escape it as %5C`
	}
	for segment := range strings.SplitSeq(route, "/") {
		if dots(segment) > 0 {
			return `holds a "." or ".." segment, which would lead elsewhere`
		}
	}
	return ""
}
