package bridge

import (
	"iter"
	"unicode/utf8"
	"unsafe"
)

// The few lines of JSON that each call needs. A front end pays for encoding/json, some 120 KB compressed, only when it
// uses JSON itself.

// appendJSONString appends s in quotes. Bytes that are not UTF-8 become U+FFFD.
func appendJSONString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := plainString(s); i < len(s); i += plainString(s[i:]) {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[start:i]...)
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\b':
			b = append(b, '\\', 'b')
		case c == '\f':
			b = append(b, '\\', 'f')
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c >= utf8.RuneSelf:
			b = append(b, "\uFFFD"...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// scanner reads JSON once, from front to back:
//
//	s := scanner{data: data}
//	for name := range s.members() {
//		switch name {
//		case "status":
//			status, _ = s.int()
//		}
//	}
//	if s.bad { … }
//
// A value that nobody reads is skipped.
type scanner struct {
	data []byte
	at   int
	// bad is set when what was read is not JSON, or not what was asked for. Nothing more is read then.
	bad bool
	// plain is set when the last string that was read stands there as it is and is ASCII without control characters.
	plain bool
}

// members gives the names of the members of the object that comes next. Anything else is bad.
func (s *scanner) members() iter.Seq[string] {
	return func(yield func(string) bool) {
		for more := s.open('{'); more; more = s.next('}') {
			name, isString := s.string()
			if !isString || !s.take(':') {
				s.fail()
				return
			}
			s.peek()
			start := s.at
			if !yield(name) {
				return
			}
			if s.at == start {
				s.skip()
			}
		}
	}
}

// elements comes to each element of the array that comes next. Anything else is bad.
func (s *scanner) elements() func(yield func() bool) {
	return func(yield func() bool) {
		for more := s.open('['); more; more = s.next(']') {
			s.peek()
			start := s.at
			if !yield() {
				return
			}
			if s.at == start {
				s.skip()
			}
		}
	}
}

// open takes the beginning of an object or array, and its end if it is empty. It reports whether there is something in it.
func (s *scanner) open(c byte) bool {
	if !s.take(c) {
		s.fail()
		return false
	}
	if s.peek() == c+2 { // in ASCII, "}" and "]" stand two behind "{" and "["
		s.at++
		return false
	}
	return true
}

// next takes a comma, or the end. It reports whether something follows.
func (s *scanner) next(end byte) bool {
	switch {
	case s.take(','):
		return true
	case !s.take(end):
		s.fail()
	}
	return false
}

// fail sets bad, and leaves nothing to be read.
func (s *scanner) fail() {
	s.bad = true
	s.at = len(s.data)
}

// peek comes to what comes next and gives its first character; 0 at the end, or after something bad.
func (s *scanner) peek() byte {
	for ; s.at < len(s.data); s.at++ {
		if c := s.data[s.at]; !isSpace(c) {
			return c
		}
	}
	return 0
}

// take takes the character c, if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// skip takes the next value.
func (s *scanner) skip() { s.raw() }

// raw takes the next value and gives it as it stands there; nil if it is bad.
func (s *scanner) raw() []byte {
	if s.peek() == 0 {
		s.fail()
		return nil
	}
	start := s.at
	end := skipValue(s.data, start)
	if end == bad {
		s.fail()
		return nil
	}
	s.at = end
	return s.data[start:end:end]
}

// string takes the next value and gives its text, and false if it is no string. A lone surrogate becomes U+FFFD. The text
// may be the data's own memory, which must not change afterwards.
func (s *scanner) string() (string, bool) {
	if s.peek() != '"' {
		s.skip()
		return "", false
	}
	start := s.at + 1
	end := start + plain(s.data[start:])
	s.plain = end < len(s.data) && s.data[end] == '"'
	for end < len(s.data) && s.data[end] >= utf8.RuneSelf {
		end++
		end += plain(s.data[end:])
	}
	if end < len(s.data) && s.data[end] == '"' {
		s.at = end + 1
		return unsafe.String(unsafe.SliceData(s.data[start:end]), end-start), true
	}
	raw := s.raw()
	if s.bad {
		return "", false
	}
	return unescape(raw[1 : len(raw)-1]), true
}

// int takes the next value and gives it, and false if it is no integer of at most 18 digits, or of more than an int has.
func (s *scanner) int() (int, bool) {
	n, ok := s.int64()
	return int(n), ok && int64(int(n)) == n
}

// int64 is int for what may be larger than an int, which has 32 bits under TinyGo. Package strconv, whose errors quote,
// would bring the tables of Unicode.
func (s *scanner) int64() (int64, bool) {
	raw := s.raw()
	digits := raw
	if len(raw) > 0 && raw[0] == '-' {
		digits = raw[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if len(raw) > len(digits) {
		n = -n
	}
	return n, true
}

// truthy takes the next value and reports whether JavaScript takes it for true.
func (s *scanner) truthy() bool {
	switch raw := s.raw(); string(raw) {
	case "", "null", "false", "0", "-0", `""`:
		return false
	}
	return true
}

// isJSONObject reports whether data is one whole JSON object and nothing else.
func isJSONObject(data []byte) bool {
	s := scanner{data: data}
	if s.peek() != '{' {
		return false
	}
	s.skip()
	s.peek()
	return !s.bad && s.at == len(data)
}

// unescape gives the text of a JSON string without its quotes.
func unescape(raw []byte) string {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if n := plain(raw[i:]); n > 0 {
			b = append(b, raw[i:i+n]...)
			i += n - 1
			continue
		}
		if raw[i] != '\\' { // a character of several bytes
			b = append(b, raw[i])
			continue
		}
		i++
		switch c := raw[i]; c {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r := hex4(raw[i+1 : i+5])
			i += 4
			if low := rune(-1); 0xD800 <= r && r < 0xDC00 && i+6 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
				if low = hex4(raw[i+3 : i+7]); 0xDC00 <= low && low < 0xE000 {
					r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
					i += 6
				}
			}
			b = utf8.AppendRune(b, r)
		default: // a quote, a backslash or a slash
			b = append(b, c)
		}
	}
	return string(b)
}

// hex4 gives the number of four hexadecimal digits; -1 if they are not.
func hex4(b []byte) rune {
	var r rune
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return -1
		}
	}
	return r
}
