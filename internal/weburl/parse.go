package weburl

import (
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/ascii"
)

// stripped does the step before parsing: it removes spaces and control characters at the ends of a URL, and tabs and
// line breaks everywhere.
func stripped(text string) string {
	for text != "" && text[0] <= ' ' {
		text = text[1:]
	}
	for text != "" && text[len(text)-1] <= ' ' {
		text = text[:len(text)-1]
	}
	if !strings.ContainsAny(text, "\t\n\r") {
		return text
	}
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if c := text[i]; c != '\t' && c != '\n' && c != '\r' {
			b = append(b, c)
		}
	}
	return string(b)
}

// parse is the standard's basic URL parser for the two schemes, without the states for others. text must be stripped.
func parse(text string, base *URL) (URL, error) {
	scheme, rest := cutScheme(text)
	switch {
	case scheme == "" && base == nil, scheme != "" && !isHTTP(scheme):
		return URL{}, ErrScheme
	case scheme == "":
		scheme = base.Scheme
	case base == nil || base.Scheme != scheme:
		return parseAuthority(scheme, rest)
	}
	if rest == "" || !isSlash(rest[0]) {
		return base.relative(rest), nil
	}
	if len(rest) > 1 && isSlash(rest[1]) {
		return parseAuthority(scheme, rest)
	}
	u := URL{Scheme: scheme, Host: base.Host}
	u.setPath("", rest)
	return u, nil
}

// relative resolves a reference that has no scheme and does not start with a slash.
func (u URL) relative(reference string) URL {
	switch {
	case reference == "" || reference[0] == '#':
	case reference[0] == '?':
		u.Query = ""
		u.setPath(u.Path, reference)
	default:
		folder := u.Path[:strings.LastIndexByte(u.Path, '/')]
		u.Query = ""
		u.setPath(folder, "/"+reference)
	}
	return u
}

// cutScheme returns the scheme in lower case and the text after its colon, or no scheme and the whole text.
func cutScheme(text string) (scheme, rest string) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == ':' && i > 0:
			return ascii.Lower(text[:i]), text[i+1:]
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return "", text
		}
	}
	return "", text
}

// parseAuthority parses the text after the scheme's colon. Any number of slashes may precede the host.
func parseAuthority(scheme, rest string) (URL, error) {
	for rest != "" && isSlash(rest[0]) {
		rest = rest[1:]
	}
	end := strings.IndexAny(rest, `/\?#`)
	if end < 0 {
		end = len(rest)
	}
	authority := rest[:end]
	if strings.IndexByte(authority, '@') >= 0 {
		return URL{}, ErrUser
	}
	name, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		name, port = authority[:colon], authority[colon+1:]
	}
	host, ok := parseHost(name)
	if !ok {
		return URL{}, ErrHost
	}
	number, ok := parsePort(port)
	if !ok {
		return URL{}, ErrPort
	}
	if number != "" && number != defaultPort(scheme) {
		host += ":" + number
	}
	u := URL{Scheme: scheme, Host: host}
	u.setPath("", rest[end:])
	return u, nil
}

// parsePort returns a port without leading zeros; "" means no port.
func parsePort(text string) (port string, ok bool) {
	if text == "" {
		return "", true
	}
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return "", false
		}
		if n = n*10 + int(text[i]-'0'); n > 65535 {
			return "", false
		}
	}
	return decimal(n), true
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// setPath parses a path, a query and a fragment below a folder, which does not end with a slash. text is empty or
// starts with a slash, "?" or "#".
func (u *URL) setPath(folder, text string) {
	if cut := strings.IndexByte(text, '#'); cut >= 0 {
		text = text[:cut]
	}
	if cut := strings.IndexByte(text, '?'); cut >= 0 {
		u.Query = string(appendEscaped([]byte{'?'}, text[cut+1:], `"<>'`))
		text = text[:cut]
	}
	path := append(make([]byte, 0, len(folder)+len(text)+1), folder...)
	for text != "" {
		segment := text[1:]
		end := 0
		for end < len(segment) && !isSlash(segment[end]) {
			end++
		}
		segment, text = segment[:end], segment[end:]
		n := dots(segment)
		if n == 2 {
			for last := len(path) - 1; last >= 0; last-- {
				if path[last] == '/' {
					path = path[:last]
					break
				}
			}
		}
		switch {
		case n == 0:
			path = appendEscaped(append(path, '/'), segment, "\"<>^`{}")
		case text == "":
			path = append(path, '/')
		}
	}
	if len(path) == 0 {
		path = append(path, '/')
	}
	u.Path = string(path)
}

// dots returns 1 for a segment that means this folder, 2 for one that means the parent folder, and 0 for others.
// "%2e" counts as a dot.
func dots(segment string) int {
	n := 0
	for segment != "" {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && segment[0] == '%' && segment[1] == '2' && segment[2]|0x20 == 'e':
			segment = segment[3:]
		default:
			return 0
		}
		if n++; n > 2 {
			return 0
		}
	}
	return n
}

// appendEscaped appends a text and escapes its spaces, control characters, characters outside ASCII and the
// characters in special. It does not change existing escapes or a lone "%".
func appendEscaped(b []byte, text, special string) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			for _, c := range utf8.AppendRune(nil, r) { // U+FFFD if it is not UTF-8
				b = append(b, '%', hex[c>>4], hex[c&15])
			}
			i += size - 1
		case c <= ' ' || c == 0x7F || strings.IndexByte(special, c) >= 0:
			b = append(b, '%', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return b
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

func isHTTP(scheme string) bool { return scheme == "https" || scheme == "http" }

func decimal(n int) string {
	var b [10]byte
	at := len(b)
	for {
		at--
		b[at] = byte('0' + n%10)
		if n /= 10; n == 0 {
			return string(b[at:])
		}
	}
}
