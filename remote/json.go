package remote

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxDepth is far more than a FIT nests.
	maxDepth = 100
	// fewNames is how many names of one object are compared one by one.
	fewNames = 24
)

// jsonReader reads the JSON of a token, a key set or a request once, from left to right, into whatever its caller names. It
// is stricter than encoding/json: a name that stands twice in an object is an error at any depth, iss is not ISS, and text
// must be UTF-8. So two readers cannot see two things in one token. It nests no deeper than maxDepth, however small the
// stack is. It is here for its speed: the rest of a verification should cost little beside the signature.
//
// After an error nothing more is read: its user looks at failed once, at the end. A null leaves a value as it is.
type jsonReader struct {
	data   []byte
	at     int
	depth  int
	failed bool
	names  [][]byte // of the objects that are being read, outermost first
	// controls says that there are control characters somewhere, as line breaks are: then strings have to be looked through.
	controls bool
}

const jsonSpace = " \t\r\n"

// readJSON reads the one value that data is, by f, and reports whether data is JSON of the form that f wants.
func readJSON(data []byte, f func(*jsonReader)) bool {
	r := jsonReader{data: data, failed: !utf8.Valid(data), names: make([][]byte, 0, 32), controls: hasControl(data)}
	f(&r)
	r.space()
	return !r.failed && r.at == len(data)
}

// hasControl reports whether there is a byte below the space. It looks at eight at a time: one is below 0x20 only if
// taking 0x20 from each, with the borrows that brings, leaves a high bit where there was none.
func hasControl(data []byte) bool {
	const ones = 0x0101010101010101
	for ; len(data) >= 8; data = data[8:] {
		if eight := binary.LittleEndian.Uint64(data); (eight-0x20*ones)&^eight&(0x80*ones) != 0 {
			return true
		}
	}
	for _, c := range data {
		if c < ' ' {
			return true
		}
	}
	return false
}

func (r *jsonReader) fail() { r.failed, r.at = true, len(r.data) }

func (r *jsonReader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// peek is the next value's first byte, or 0 at the end and after an error.
func (r *jsonReader) peek() byte {
	r.space()
	if r.failed || r.at >= len(r.data) {
		return 0
	}
	return r.data[r.at]
}

// take reads this byte, or fails.
func (r *jsonReader) take(want byte) bool {
	if r.peek() != want {
		r.fail()
		return false
	}
	r.at++
	return true
}

// more reports whether a list or an object goes on, and reads what stands before its next element.
func (r *jsonReader) more(end byte, first bool) bool {
	switch r.peek() {
	case end:
		r.at++
		return false
	case ',':
		if !first {
			r.at++
			return true
		}
	case 0:
	default:
		if first {
			return true
		}
	}
	r.fail()
	return false
}

func (r *jsonReader) enter() bool {
	if r.depth++; r.depth > maxDepth {
		r.fail()
	}
	return !r.failed
}

// object reads an object: f reads the value of each name. It reports whether there is one, and not null.
func (r *jsonReader) object(f func(name []byte)) bool {
	if r.null() || !r.take('{') || !r.enter() {
		return false
	}
	seen := names{stack: &r.names, base: len(r.names)}
	for first := true; r.more('}', first); first = false {
		name := r.text()
		if !r.take(':') || !seen.add(name) {
			r.fail()
			break
		}
		f(name)
	}
	r.names = r.names[:seen.base]
	r.depth--
	return !r.failed
}

// list reads a list: f reads each element. It reports whether there is one, and not null.
func (r *jsonReader) list(f func()) bool {
	if r.null() || !r.take('[') || !r.enter() {
		return false
	}
	for first := true; r.more(']', first); first = false {
		f()
	}
	r.depth--
	return !r.failed
}

func (r *jsonReader) string(to *string) {
	if !r.null() {
		*to = string(r.text())
	}
}

func (r *jsonReader) bool(to *bool) {
	switch {
	case r.null():
	case r.literal("true"):
		*to = true
	case r.literal("false"):
		*to = false
	default:
		r.fail()
	}
}

func (r *jsonReader) null() bool { return r.literal("null") }

// literal reads the word if it is next.
func (r *jsonReader) literal(word string) bool {
	if r.peek() != word[0] || !bytes.HasPrefix(r.data[r.at:], []byte(word)) {
		return false
	}
	r.at += len(word)
	return true
}

// number reads a number as it is written.
func (r *jsonReader) number() []byte {
	r.space()
	start := r.at
	if r.at < len(r.data) && r.data[r.at] == '-' {
		r.at++
	}
	if zero := r.at; r.digits() > 1 && r.data[zero] == '0' {
		r.fail()
	}
	if r.at < len(r.data) && r.data[r.at] == '.' {
		r.at++
		r.digits()
	}
	if r.at < len(r.data) && r.data[r.at]|0x20 == 'e' {
		r.at++
		if r.at < len(r.data) && (r.data[r.at] == '+' || r.data[r.at] == '-') {
			r.at++
		}
		r.digits()
	}
	if r.failed {
		return nil
	}
	return r.data[start:r.at]
}

// digits reads at least one.
func (r *jsonReader) digits() int {
	start := r.at
	for r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9' {
		r.at++
	}
	if r.at == start {
		r.fail()
		return 0
	}
	return r.at - start
}

// text reads a string. What it returns may be part of data.
func (r *jsonReader) text() []byte {
	if !r.take('"') {
		return nil
	}
	start := r.at
	length := bytes.IndexByte(r.data[start:], '"')
	if length < 0 {
		r.fail()
		return nil
	}
	text := r.data[start : start+length]
	if bytes.IndexByte(text, '\\') >= 0 {
		return r.escaped(start)
	}
	if r.controls && hasControl(text) {
		r.fail()
		return nil
	}
	r.at = start + length + 1
	return text
}

// escaped reads on in a string that begins at start and has a backslash.
func (r *jsonReader) escaped(start int) []byte {
	r.at = start
	var text []byte
	for r.at < len(r.data) {
		c := r.data[r.at]
		r.at++
		switch {
		case c == '"':
			return text
		case c < ' ':
			r.fail()
		case c == '\\':
			text = r.escape(text)
		default:
			text = append(text, c)
		}
	}
	r.fail()
	return nil
}

// escape appends what follows a backslash. Half a surrogate pair becomes U+FFFD.
func (r *jsonReader) escape(text []byte) []byte {
	if r.at >= len(r.data) {
		r.fail()
		return nil
	}
	c := r.data[r.at]
	r.at++
	switch c {
	case '"', '\\', '/':
		return append(text, c)
	case 'b':
		return append(text, '\b')
	case 'f':
		return append(text, '\f')
	case 'n':
		return append(text, '\n')
	case 'r':
		return append(text, '\r')
	case 't':
		return append(text, '\t')
	case 'u':
		unit := r.hex()
		if utf16.IsSurrogate(unit) {
			before := r.at
			if bytes.HasPrefix(r.data[r.at:], []byte(`\u`)) {
				r.at += 2
				if pair := utf16.DecodeRune(unit, r.hex()); pair != utf8.RuneError {
					return utf8.AppendRune(text, pair)
				}
			}
			if !r.failed {
				r.at = before
			}
		}
		return utf8.AppendRune(text, unit)
	}
	r.fail()
	return nil
}

// hex reads the four digits of a \u.
func (r *jsonReader) hex() rune {
	if len(r.data)-r.at >= 4 && !bytes.ContainsAny(r.data[r.at:r.at+4], "+-_") {
		if n, err := strconv.ParseUint(string(r.data[r.at:r.at+4]), 16, 16); err == nil {
			r.at += 4
			return rune(n)
		}
	}
	r.fail()
	return 0
}

// skip reads a value that nobody wants.
func (r *jsonReader) skip() {
	switch c := r.peek(); c {
	case '{':
		r.object(func([]byte) { r.skip() })
	case '[':
		r.list(r.skip)
	case '"':
		r.text()
	case 't', 'f':
		var ignored bool
		r.bool(&ignored)
	case 'n':
		if !r.null() {
			r.fail()
		}
	default:
		r.number()
	}
}

// raw returns the text of the value that f reads, which is part of data; nil after an error.
func (r *jsonReader) raw(f func()) []byte {
	r.space()
	start := r.at
	f()
	if r.failed {
		return nil
	}
	return r.data[start:r.at:r.at]
}

// names are those of one object. They lie on a stack that all objects share, so that few need memory of their own.
type names struct {
	stack *[][]byte
	base  int             // where those of this object begin
	many  map[string]bool // all of them, once there are more than a few
}

// add reports whether the name was not there.
func (n *names) add(name []byte) bool {
	if n.many == nil {
		mine := (*n.stack)[n.base:]
		for _, other := range mine {
			if bytes.Equal(other, name) {
				return false
			}
		}
		if len(mine) < fewNames {
			*n.stack = append(*n.stack, name)
			return true
		}
		n.many = make(map[string]bool)
		for _, other := range mine {
			n.many[string(other)] = true
		}
	}
	had := n.many[string(name)]
	n.many[string(name)] = true
	return !had
}
