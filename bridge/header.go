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

// A commonName is a name that many requests and answers have, in the forms that they need.
type commonName struct {
	lower, canonical string
	// forbidden says that a browser keeps the name for itself in requests.
	forbidden bool
}

// commonNames has the common names, so that their forms need not be made each time. Each stands at its slot or, where
// another has that, behind it.
var commonNames = func() (names [commonSlots]commonName) {
	for _, canonical := range [...]string{"Accept", "Accept-Language", "Authorization", "Cache-Control", "Content-Disposition",
		"Content-Language", "Content-Length", "Content-Type", "Date", "Etag", "Expires", "Idempotency-Key", "If-Match", "If-None-Match",
		"Last-Modified", "Location", "Retry-After", "Server", "Vary", "X-Request-Id"} {
		lower := asciiLower(canonical)
		slot := commonSlot(canonical)
		for names[slot].lower != "" {
			slot = (slot + 1) % commonSlots
		}
		names[slot] = commonName{lower, canonical, isForbiddenField(lower, "")}
	}
	return names
}()

const commonSlots = 64

// commonSlot gives the same slot for both forms of a name.
func commonSlot(name string) int {
	return (len(name)*5 + int(name[0]|0x20) + int(name[len(name)-1])*3) % commonSlots
}

// findCommon gives the common name that this is a form of, or nil.
func findCommon(name string) *commonName {
	if name == "" {
		return nil
	}
	for slot := commonSlot(name); commonNames[slot].lower != ""; slot = (slot + 1) % commonSlots {
		if c := &commonNames[slot]; c.lower == name || c.canonical == name {
			return c
		}
	}
	return nil
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
