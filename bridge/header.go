package bridge

// Header holds HTTP header fields: each name, in canonical form ("Content-Type"), with its values. It converts to and
// from http.Header. Its methods take names in any case.
type Header map[string][]string

// Get gives the first value of name, or "" if there is none.
func (h Header) Get(name string) string {
	if values := h[canonicalName(name)]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values gives all values of name; nil if there are none.
func (h Header) Values(name string) []string { return h[canonicalName(name)] }

// Set makes value the only value of name.
func (h Header) Set(name, value string) { h[canonicalName(name)] = []string{value} }

// Add appends value to the values of name.
func (h Header) Add(name, value string) {
	name = canonicalName(name)
	h[name] = append(h[name], value)
}

// Del removes name.
func (h Header) Del(name string) { delete(h, canonicalName(name)) }

// has reports whether the header holds name, in whatever case the caller wrote it.
func (h Header) has(name string) bool {
	for n := range h {
		if len(n) == len(name) && canonicalName(n) == canonicalName(name) {
			return true
		}
	}
	return false
}

// canonicalName gives name with the first letter and each one after a hyphen in upper case, the others in lower case, as
// net/http does. A name that is not a token comes back as it is.
func canonicalName(name string) string {
	canonical := true
	upper := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !isToken(c) {
			return name
		}
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			canonical = false
		}
		upper = c == '-'
	}
	if canonical {
		return name
	}
	b := []byte(name)
	upper = true
	for i, c := range b {
		switch {
		case upper && 'a' <= c && c <= 'z':
			b[i] = c - 'a' + 'A'
		case !upper && 'A' <= c && c <= 'Z':
			b[i] = c - 'A' + 'a'
		}
		upper = c == '-'
	}
	return string(b)
}

// tokens has the characters that may stand in a header's name or a method (RFC 9110, section 5.6.2).
var tokens = func() (set [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
		set[c] = true
	}
	return set
}()

func isToken(c byte) bool { return tokens[c] }

func isTokenString(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isToken(s[i]) {
			return false
		}
	}
	return s != ""
}
