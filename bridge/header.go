package bridge

import (
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/ascii"
	"github.com/forgego/forgego/internal/fetchspec"
)

// Header holds HTTP header fields: each name in canonical form ("Content-Type"), with its values. It converts to and
// from http.Header. Its methods take names in any case.
type Header map[string][]string

// Get returns the first value of name, or "" if there is none.
func (h Header) Get(name string) string {
	if values := h[canonicalName(name)]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of name, or nil if there are none.
func (h Header) Values(name string) []string { return h[canonicalName(name)] }

// Set replaces all values of name by value.
func (h Header) Set(name, value string) { h[canonicalName(name)] = []string{value} }

// Add appends value to the values of name.
func (h Header) Add(name, value string) {
	name = canonicalName(name)
	h[name] = append(h[name], value)
}

// Del removes all values of name.
func (h Header) Del(name string) { delete(h, canonicalName(name)) }

// field is a header's name and value as they cross the bridge.
type field struct {
	name, value string
	// written is the name as the caller wrote it. It orders names that differ only in case.
	written string
}

var errForbiddenName = invalidRequest("Header", "the name may contain letters, digits and !#$%&'*+-.^_`|~ only")

// fields returns the header as a browser's Headers object lists it: names in lower case and sorted, repeated values
// joined by ", ", no white space around values, and no names that only the browser may set. It uses the memory of room
// if that is large enough. If HTTP forbids a name or a value, it returns [ErrInvalidRequest].
func (h Header) fields(room []field) ([]field, error) {
	fields := room[:0]
	for name, values := range h {
		if !fetchspec.IsToken(name) {
			return nil, errForbiddenName
		}
		f := field{name: ascii.Lower(name), written: name}
		kept := 0
		for _, v := range values {
			v = fetchspec.NormalizeValue(v)
			if !isPlain(v) {
				if problem := valueProblem(v); problem != "" {
					return nil, invalidRequest("Header "+canonicalName(name), problem)
				}
			}
			if fetchspec.IsForbiddenRequestHeader(f.name, v) {
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
	// The caller may have written one name in two cases: two keys of the map, but one field.
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

// checkWritten is the check of fields for a header that appendWritten sends. It does not trim values, because nothing on
// the way trims them.
func (h Header) checkWritten() error {
	for name, values := range h {
		if !fetchspec.IsToken(name) {
			return errForbiddenName
		}
		for _, v := range values {
			if problem := valueProblem(v); problem != "" {
				return invalidRequest("Header "+canonicalName(name), problem)
			}
		}
	}
	return nil
}

// appendWritten appends the header as a JSON object, for InvokeRemote and InvokeService: names and values as the caller
// wrote them, and repeated values joined by ", ". In the official client, no Headers object changes them.
func (h Header) appendWritten(b []byte) []byte {
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(h)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, name), ':')
		b = appendJSONString(b, strings.Join(h[name], ", "))
	}
	return append(b, '}')
}

// hasField reports whether fields has this name, which must be in lower case.
func hasField(fields []field, name string) bool {
	for i := range fields {
		if fields[i].name == name {
			return true
		}
	}
	return false
}

// sortFields is an insertion sort: there are few fields, and package slices would link more code than this file has.
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

// readHeader reads a header and adds it to h. The JSON is an object of names, each with a value or an array of values,
// or it is an array of pairs. The values are appended to room. The result ok reports whether the JSON has one of these
// forms, and clean reports whether a call of h.clean would change nothing.
func readHeader(s *scanner, h Header, room []string) (clean, ok bool) {
	switch s.peek() {
	case '[':
		return false, readPairs(s, h)
	case '{':
		return readFields(s, h, room)
	}
	s.skip()
	return false, false
}

func readFields(s *scanner, h Header, room []string) (clean, ok bool) {
	clean, ok = true, true
	for name := range s.members() {
		ok = ok && fetchspec.IsToken(name)
		name = canonicalName(name)
		clean = clean && !strings.HasPrefix(name, "Set-Cookie")
		first := len(room)
		if s.peek() == '[' {
			clean = false
			for range s.elements() {
				text, isString := s.string()
				ok = ok && isString
				room = append(room, text)
			}
			if len(room) == first {
				room = append(room, "") // an empty array counts as one empty value
			}
		} else {
			text, isString := s.string()
			ok = ok && isString
			clean = clean && (s.plain || isPlain(text)) && isTrimmed(text)
			room = append(room, text)
		}
		values := room[first:len(room):len(room)]
		if before := h[name]; before != nil { // the same name in another case
			values = append(before, values...)
		}
		h[name] = values
	}
	return clean, ok
}

// readPairs reads an array of pairs, [[name, value], …], and adds them to h.
func readPairs(s *scanner, h Header) (ok bool) {
	ok = true
	for range s.elements() {
		if s.peek() != '[' {
			ok = false
			continue
		}
		var texts []string
		for range s.elements() {
			text, isString := s.string()
			ok = ok && isString
			texts = append(texts, text)
		}
		if ok = ok && len(texts) == 2 && fetchspec.IsToken(texts[0]); ok {
			h.Add(texts[0], texts[1])
		}
	}
	return ok
}

// isTrimmed reports whether a plain value has no space around it.
func isTrimmed(v string) bool { return v == "" || v[0] != ' ' && v[len(v)-1] != ' ' }

// clean makes the fields equal to those of a JavaScript Response: no white space around values, and no cookies, which no
// page may read. It reports false if HTTP forbids a value.
func (h Header) clean() bool {
	for name, values := range h {
		if name == "Set-Cookie" || name == "Set-Cookie2" {
			delete(h, name)
			continue
		}
		for i, v := range values {
			if values[i] = fetchspec.NormalizeValue(v); valueProblem(values[i]) != "" {
				return false
			}
		}
	}
	return true
}

// isPlain reports whether v is ASCII without control characters, as nearly all values are. Such a value needs no
// further check.
func isPlain(v string) bool {
	for i := plainString(v); i < len(v); i += plainString(v[i:]) {
		if v[i] != '"' && v[i] != '\\' {
			return false
		}
		i++
	}
	return true
}

// valueProblem returns why v cannot be a header's value, or "" if it can. Values are Latin-1, as for fetch.
func valueProblem(v string) string {
	for _, c := range v {
		switch {
		case c == 0 || c == '\r' || c == '\n':
			return "the value contains a line break or a NUL"
		case c > 0xFF:
			return "the value contains characters outside Latin-1; encode them, for example as %XX"
		}
	}
	return ""
}

// canonicalName returns name with the first letter and each letter after a hyphen in upper case, and the others in
// lower case, as net/http does. If name is not a token, it returns name unchanged.
func canonicalName(name string) string {
	canonical := true
	upper := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		if !fetchspec.IsTokenByte(c) {
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
