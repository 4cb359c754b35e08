package bridge

import (
	"strings"
	"unicode/utf8"
)

// Request is one HTTP request to a remote.
type Request struct {
	// Method is the HTTP method; empty means GET. RequestRemote sends it as written and takes any that a browser would;
	// InvokeRemote takes GET, POST, PUT, PATCH and DELETE.
	Method string
	// Path is the path and query, starting with "/". The host joins it to the remote's baseUrl.
	Path string
	// Header holds the request's own header fields. Fields that a browser keeps for itself (Cookie, Host, Origin,
	// Content-Length and the others of the Fetch standard's list) are left out by RequestRemote, as fetch does.
	Header Header
	// Body is the request's body; nil means none. GET and HEAD have none. InvokeRemote takes a JSON object only.
	Body Body
}

// check tells what in the request can never be sent, whatever the way. The header is checked where it is read.
func (r *Request) check() error {
	if r.Method != "" && !isTokenString(r.Method) {
		return invalidRequest("Method", "not an HTTP method")
	}
	switch {
	case !strings.HasPrefix(r.Path, "/"):
		return invalidRequest("Path", `must start with "/"; the host joins it to the remote's baseUrl`)
	case !utf8.ValidString(r.Path):
		return invalidRequest("Path", "is not UTF-8; escape the bytes as %XX")
	}
	if r.Body != nil && (r.method() == "GET" || r.method() == "HEAD") {
		return invalidRequest("Body", "a "+r.method()+" request has no body; use Path's query, or another method")
	}
	return nil
}

// isPlain reports whether v is what nearly all values are: ASCII without control characters. It has no problem then.
func isPlain(v string) bool {
	for i := plainString(v); i < len(v); i += plainString(v[i:]) {
		if v[i] != '"' && v[i] != '\\' {
			return false
		}
		i++
	}
	return true
}

// method is the method as fetch normalises it: six names in upper case, others as written.
func (r *Request) method() string {
	switch upper := asciiUpper(r.Method); upper {
	case "":
		return "GET"
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS":
		return upper
	}
	return r.Method
}

// valueProblem says why v cannot be a header's value; "" if it can. Values are Latin-1, as for fetch.
func valueProblem(v string) string {
	for _, c := range v {
		switch {
		case c == 0 || c == '\r' || c == '\n':
			return "the value holds a line break or a NUL"
		case c > 0xFF:
			return "the value holds characters outside Latin-1; encode them, as percent-encoding does for example"
		}
	}
	return ""
}

// trimValue removes the white space around a header's value, as fetch does.
func trimValue(v string) string {
	if v == "" || v[0] > ' ' && v[len(v)-1] > ' ' {
		return v
	}
	return strings.Trim(v, " \t\r\n")
}

// field is a header's name and value as they cross the bridge.
type field struct {
	name, value string
	// written is the name as the caller wrote it. It gives an order to names that differ in their case only.
	written string
}

var errForbiddenName = invalidRequest("Header", "a name that HTTP forbids: letters, digits and !#$%&'*+-.^_`|~ only")

// fields gives the header as a browser's Headers lists it: names in lower case and sorted, repeated values joined by
// ", ", white space around values removed, and without the names that a browser keeps for itself. They are put into room,
// if they fit. A name or a value that HTTP forbids gives [ErrInvalidRequest].
func (h Header) fields(room []field) ([]field, error) {
	fields := room[:0]
	for name, values := range h {
		common := findCommon(name)
		f := field{written: name}
		switch {
		case common != nil:
			f.name = common.lower
		case isTokenString(name):
			f.name = asciiLower(name)
		default:
			return nil, errForbiddenName
		}
		kept := 0
		for _, v := range values {
			v = trimValue(v)
			if !isPlain(v) {
				if problem := valueProblem(v); problem != "" {
					return nil, invalidRequest("Header "+canonicalName(name), problem)
				}
			}
			if common != nil && common.forbidden || common == nil && isForbiddenField(f.name, v) {
				continue
			}
			if kept++; kept == 1 {
				f.value = v
			} else {
				f.value += ", " + v
			}
		}
		if kept > 0 {
			fields = append(fields, f)
		}
	}
	sortFields(fields)
	// A caller may have written one name in two cases: as two keys of the map, but one field.
	merged := fields[:0]
	for _, f := range fields {
		if n := len(merged); n > 0 && merged[n-1].name == f.name {
			merged[n-1].value += ", " + f.value
			continue
		}
		merged = append(merged, f)
	}
	return merged, nil
}

// appendFields appends the fields as JSON: [[name, value], …].
func appendFields(b []byte, fields []field) []byte {
	b = append(b, '[')
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(append(b, '['), f.name)
		b = append(appendJSONString(append(b, ','), f.value), ']')
	}
	return append(b, ']')
}

// hasField reports whether a field with this name, in lower case, is among them.
func hasField(fields []field, name string) bool {
	for i := range fields {
		if fields[i].name == name {
			return true
		}
	}
	return false
}

// sortFields sorts by insertion: fields are few, and package slices would be more code than all of this file.
func sortFields(fields []field) {
	for i := range fields {
		for j := i; j > 0 && fields[j].before(fields[j-1]); j-- {
			fields[j], fields[j-1] = fields[j-1], fields[j]
		}
	}
}

func (f field) before(g field) bool {
	return f.name < g.name || f.name == g.name && f.written < g.written
}

// isForbiddenField reports whether the Fetch standard lets no page set this field (fetch.spec.whatwg.org,
// "forbidden request-header"). The name is in lower case.
func isForbiddenField(name, value string) bool {
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		for method := range strings.SplitSeq(value, ",") {
			switch asciiUpper(strings.Trim(method, " \t")) {
			case "CONNECT", "TRACE", "TRACK":
				return true
			}
		}
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// asciiLower and asciiUpper spare a program the tables of Unicode, which strings.ToLower links.
func asciiLower(s string) string { return mapASCII(s, 'A', 'Z', 'a'-'A') }
func asciiUpper(s string) string { return mapASCII(s, 'a', 'z', 'a'-'A') }

func mapASCII(s string, from, to, flip byte) string {
	for i := 0; i < len(s); i++ {
		if from <= s[i] && s[i] <= to {
			b := []byte(s)
			for ; i < len(b); i++ {
				if from <= b[i] && b[i] <= to {
					b[i] ^= flip
				}
			}
			return string(b)
		}
	}
	return s
}
