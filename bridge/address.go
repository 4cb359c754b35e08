package bridge

import (
	"strings"
)

// directURL joins a remote's base URL and a request's path, for a request that carries a token. Whatever it gives leads
// to the origin of base, both by RFC 3986 and by the URL standard that browsers follow, which read some addresses
// differently; what could lead elsewhere, or out of the base's path, is an error. It gives the origin too.
func directURL(base, path string) (url, origin string, err error) {
	origin, basePath, problem := splitBase(base)
	if problem != "" {
		return "", "", &kindError{ErrInvalidResponse, "the token source gave a base URL that " + problem}
	}
	if problem := pathProblem(path); problem != "" {
		return "", "", invalidRequest("Path", problem)
	}
	return origin + strings.TrimSuffix(basePath, "/") + path, origin, nil
}

// splitBase takes a base URL apart and says what is wrong with it.
func splitBase(base string) (origin, path, problem string) {
	scheme, rest, ok := strings.Cut(base, "://")
	scheme = asciiLower(scheme)
	if !ok || scheme != "https" && scheme != "http" {
		return "", "", "is neither https nor http"
	}
	host := rest
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if !isHost(host) {
		return "", "", "has no plain host: letters, digits, dots and hyphens, and a port"
	}
	if scheme == "http" && !isLoopback(host) {
		return "", "", "is http, which only a loopback address may be"
	}
	if path != "" && pathProblem(path) != "" || strings.Contains(path, "?") {
		return "", "", "has a path that may lead elsewhere"
	}
	return scheme + "://" + host, path, ""
}

// isHost reports whether host is a name or an address, with an optional port, that all parsers read in the same way.
func isHost(host string) bool {
	name, port, hasPort := strings.Cut(host, ":")
	if rest, ok := strings.CutPrefix(host, "[::1]"); ok {
		name, port, hasPort = strings.Cut(rest, ":")
		if name != "" {
			return false
		}
		name = "localhost"
	}
	if hasPort && (port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "") {
		return false
	}
	if name == "" || len(name) > 253 || name[0] == '.' || name[0] == '-' || strings.Contains(name, "..") {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c != '.' && c != '-' && !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return false
		}
	}
	return true
}

func isLoopback(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return name == "127.0.0.1" || asciiLower(name) == "localhost" || strings.HasPrefix(host, "[::1]")
}

// pathProblem says why a path cannot follow an origin that must not change; "" if it can.
func pathProblem(path string) string {
	if path == "" || path[0] != '/' {
		return `must start with "/"`
	}
	if len(path) > 1 && path[1] == '/' {
		return `must not start with "//", which would name another host`
	}
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case c <= ' ' || c == 0x7F:
			return "holds a space or a control character; escape it as %XX"
		case c == '\\':
			return `holds a backslash, which browsers take for a slash; escape it as %5C`
		case c == '#':
			return `holds a fragment ("#"), which is not sent; escape it as %23`
		}
	}
	route, _, _ := strings.Cut(path, "?")
	for segment := range strings.SplitSeq(route, "/") {
		if isDots(segment) {
			return `holds a "." or ".." segment, which would lead elsewhere`
		}
	}
	return ""
}

// isDots reports whether a browser takes the segment for "." or "..", escaped or not.
func isDots(segment string) bool {
	dots := 0
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && segment[0] == '%' && segment[1] == '2' && (segment[2] == 'e' || segment[2] == 'E'):
			segment = segment[3:]
		default:
			return false
		}
		dots++
	}
	return dots == 1 || dots == 2
}
