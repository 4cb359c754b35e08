package bridge

import (
	"iter"
	"unicode/utf8"
)

// Each call needs a little JSON. What converts between JSON and Go values (internal/nesting) is larger than all the rest of
// a small front end, so only front ends that convert values themselves should link it.

// scanner reads JSON once, from start to end:
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
// It skips values that the caller does not read.
type scanner struct {
	data []byte
	at   int
	// bad means that the data is not JSON, or not what the caller asked for. Then nothing more is read.
	bad bool
	// plain means that the last string that was read has no escapes and is ASCII without control characters.
	plain bool
}

// members returns the names of the members of the next value, which must be an object.
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

// elements calls yield for each element of the next value, which must be an array.
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

// open reads the start of an object or array, and also its end if it is empty. It reports whether it has members or
// elements.
func (s *scanner) open(c byte) bool {
	if !s.take(c) {
		s.fail()
		return false
	}
	if s.peek() == c+2 { // in ASCII, "}" is "{"+2, and "]" is "["+2
		s.at++
		return false
	}
	return true
}

// next reads a comma or the end. It reports whether something follows.
func (s *scanner) next(end byte) bool {
	switch {
	case s.take(','):
		return true
	case !s.take(end):
		s.fail()
	}
	return false
}

// fail sets bad and skips the rest of the data.
func (s *scanner) fail() {
	s.bad = true
	s.at = len(s.data)
}

// peek skips white space and returns the next character. At the end, or if the data is bad, it returns 0.
func (s *scanner) peek() byte {
	for ; s.at < len(s.data); s.at++ {
		if c := s.data[s.at]; !isSpace(c) {
			return c
		}
	}
	return 0
}

// take reads the character c. It reports false if another character is next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// skip skips the next value.
func (s *scanner) skip() { s.raw() }

// raw reads the next value and returns its JSON, or nil if it is bad.
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

// string reads the next value and returns its text. It reports false if the value is not a string. A lone surrogate
// becomes U+FFFD. The text may share the memory of the data, which must not change afterwards.
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
		return sharedString(s.data[start:end]), true
	}
	raw := s.raw()
	if s.bad {
		return "", false
	}
	return unescape(raw[1 : len(raw)-1]), true
}

// int reads the next value. It reports false if the value is not an integer, has more than 18 digits, or does not fit
// an int.
func (s *scanner) int() (int, bool) {
	n, ok := s.int64()
	return int(n), ok && int64(int(n)) == n
}

// int64 is int for larger numbers, since an int has 32 bits under TinyGo. It avoids strconv.ParseInt because the errors
// of strconv quote text, which would link Unicode tables.
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

// truthy reads the next value and reports whether JavaScript treats it as true.
func (s *scanner) truthy() bool {
	switch raw := s.raw(); string(raw) {
	case "", "null", "false", "0", "-0", `""`:
		return false
	}
	return true
}

// isJSONObject reports whether data is exactly one JSON object.
func isJSONObject(data []byte) bool {
	s := scanner{data: data}
	if s.peek() != '{' {
		return false
	}
	s.skip()
	s.peek()
	return !s.bad && s.at == len(data)
}

// bad is the index that functions here return if the data is not JSON.
const bad = -1

// maxDepth is how deep values may nest: as deep as in encoding/json.
const maxDepth = 10000

// skipValue returns the index after the value that starts at i. It is not recursive, so that no answer can exhaust a
// stack that does not grow.
func skipValue(data []byte, i int) int {
	// open has the closing character of each open object and array.
	var room [64]byte
	open := room[:0]
	for {
		if i == len(data) {
			return bad
		}
		switch c := data[i]; {
		case c == '"':
			i = skipString(data, i)
		case c == '{' || c == '[':
			if len(open) == maxDepth {
				return bad
			}
			end := c + 2 // in ASCII, "}" is "{"+2, and "]" is "["+2
			i = skipSpace(data, i+1)
			if i < len(data) && data[i] == end {
				i++
				break
			}
			open = append(open, end)
			if c == '{' {
				if i = skipName(data, i); i == bad {
					return bad
				}
			}
			continue
		case c == 't':
			i = skipWord(data, i, "true")
		case c == 'f':
			i = skipWord(data, i, "false")
		case c == 'n':
			i = skipWord(data, i, "null")
		default:
			i = skipNumber(data, i)
		}
		if i == bad {
			return bad
		}
		// After a value: read what ends here, and then the start of the next value.
		for more := false; !more; {
			if len(open) == 0 {
				return i
			}
			i = skipSpace(data, i)
			if i == len(data) {
				return bad
			}
			end := open[len(open)-1]
			switch data[i] {
			case end:
				i++
				open = open[:len(open)-1]
			case ',':
				more = true
				i = skipSpace(data, i+1)
				if end == '}' {
					if i = skipName(data, i); i == bad {
						return bad
					}
				}
			default:
				return bad
			}
		}
	}
}

// skipName reads a member's name that starts at i. It returns the index of the member's value.
func skipName(data []byte, i int) int {
	if i = skipString(data, i); i == bad {
		return bad
	}
	if i = skipSpace(data, i); i == len(data) || data[i] != ':' {
		return bad
	}
	return skipSpace(data, i+1)
}

// skipSpace returns the index after the white space at i. It is inlined, because most often there is no white space.
func skipSpace(data []byte, i int) int {
	if i < len(data) && data[i] <= ' ' {
		return skipSpaces(data, i)
	}
	return i
}

func skipSpaces(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool {
	return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r')
}

func skipWord(data []byte, i int, word string) int {
	if end := i + len(word); end <= len(data) && string(data[i:end]) == word {
		return end
	}
	return bad
}

func skipString(data []byte, i int) int {
	if i >= len(data) || data[i] != '"' {
		return bad
	}
	for i++; ; i++ {
		if i += plain(data[i:]); i == len(data) {
			return bad
		}
		switch c := data[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return bad
		case c == '\\':
			i++
			if i == len(data) {
				return bad
			}
			switch data[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if i+4 >= len(data) || hex4(data[i+1:i+5]) < 0 {
					return bad
				}
				i += 4
			default:
				return bad
			}
		}
	}
}

func skipNumber(data []byte, i int) int {
	if i < len(data) && data[i] == '-' {
		i++
	}
	start := i
	if i = skipDigits(data, i); i == start || data[start] == '0' && i > start+1 {
		return bad
	}
	if i < len(data) && data[i] == '.' {
		start = i + 1
		if i = skipDigits(data, start); i == start {
			return bad
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		start = i
		if i = skipDigits(data, i); i == start {
			return bad
		}
	}
	return i
}

func skipDigits(data []byte, i int) int {
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i
}
