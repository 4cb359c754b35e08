package permissions

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// filter checks URLs against a list of addresses. It follows EgressFilteringService of @forge/egress 3.0.0, including
// its oddities.
type filter struct {
	everything bool
	exact      []location
	// patterns are the addresses whose hosts start with an asterisk. Their hosts are decoded.
	patterns []location
}

func newFilter(addresses []string) *filter {
	f := &filter{everything: slices.Contains(addresses, "*")}
	for _, a := range addresses {
		l := parseLocation(a)
		if !strings.HasPrefix(a, "*") {
			f.exact = append(f.exact, l)
		}
		if host, ok := decode(l.host); ok && strings.HasPrefix(host, "*") {
			l.host = host
			f.patterns = append(f.patterns, l)
		}
	}
	return f
}

// allows is isValidUrl or, if byPath is set, isValidUrlCSP.
func (f *filter) allows(url string, byPath bool) bool {
	if f.everything {
		return true
	}
	l := parseLocation(url)
	fits := func(a location) bool {
		if !byPath {
			return a.protocol == l.protocol
		}
		return protocolFits(a.protocol, l.protocol) && pathFits(a.path, l.path)
	}
	return slices.ContainsFunc(f.exact, func(a location) bool { return fits(a) && a.host == l.host }) ||
		slices.ContainsFunc(f.patterns, func(a location) bool { return fits(a) && globMatches(a.host, l.host) })
}

func protocolFits(allowed, asked string) bool {
	return allowed == asked || allowed == "http:" && asked == "https:" || allowed == "ws:" && asked == "wss:"
}

func pathFits(allowed, asked string) bool {
	return allowed == "/" || allowed == asked || strings.HasSuffix(allowed, "/") && strings.HasPrefix(asked, allowed)
}

// location is an address in parts; the host includes the port.
type location struct{ protocol, host, path string }

// parseLocation takes the text before the first colon as the protocol. So "example.com:8080" has the protocol
// "example.com:".
func parseLocation(address string) location {
	l := location{protocol: "https:", path: "/"}
	if colon := strings.IndexByte(address, ':'); colon >= 0 && !strings.ContainsAny(address[:colon], lineEnds) {
		l.protocol = address[:colon+1]
	}
	rest := strings.Replace(address, l.protocol, "", 1)
	rest = strings.TrimLeft(strings.TrimLeft(rest, "/"), `\`)
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		l.host = rest
		return l
	}
	l.host, l.path = rest[:slash], rest[slash:]
	return l
}

// lineEnds are the characters that a dot does not match in a JavaScript regular expression.
const lineEnds = "\n\r\u2028\u2029"

// globMatches reports whether the whole host matches the pattern, in which an asterisk matches any text without line
// ends.
func globMatches(pattern, host string) bool {
	// reached[i] means that the pattern so far matches the first i bytes of the host.
	reached := make([]bool, len(host)+1)
	reached[0] = true
	for _, p := range []byte(pattern) {
		next := make([]bool, len(host)+1)
		for i := range reached {
			switch {
			case p == '*':
				next[i] = reached[i] || i > 0 && next[i-1] && !endsLine(host[:i])
			case i > 0:
				next[i] = reached[i-1] && host[i-1] == p
			}
		}
		reached = next
	}
	return reached[len(host)]
}

func endsLine(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(lineEnds, last)
}

// decode is decodeURIComponent. It returns false where decodeURIComponent throws.
func decode(text string) (string, bool) {
	if strings.IndexByte(text, '%') < 0 {
		return text, true
	}
	var b []byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' {
			if i+2 >= len(text) {
				return "", false
			}
			high, low := unhex(text[i+1]), unhex(text[i+2])
			if high > 15 || low > 15 {
				return "", false
			}
			c = high<<4 | low
			i += 2
		}
		b = append(b, c)
	}
	return string(b), utf8.Valid(b)
}

// unhex returns the value of a hex digit, or more than 15 if c is not one.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}
