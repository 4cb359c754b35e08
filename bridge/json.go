package bridge

import (
	"strconv"
	"unicode/utf8"
)

// The few lines of JSON that each call needs. A front end pays for encoding/json, some 120 KB compressed, only when it
// uses JSON itself.

// appendJSONString appends s in quotes. Bytes that are not UTF-8 become U+FFFD.
func appendJSONString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
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

// maxDepth bounds how deep values may nest, as encoding/json does, so that no answer can exhaust the stack.
const maxDepth = 10000

// bad is the index behind what is not JSON.
const bad = -1

// members calls each for every member of the JSON object data, with the member's value as it stands there, and stops at
// the first false from each. It reports whether data is an object and all that was read of it is JSON.
func members(data []byte, each func(name string, value []byte) bool) bool {
	i := skipSpace(data, 0)
	return i < len(data) && data[i] == '{' && skipComposite(data, i, 0, each) != bad
}

// elements calls each for every element of the JSON array data, under the rules of members.
func elements(data []byte, each func(value []byte) bool) bool {
	i := skipSpace(data, 0)
	return i < len(data) && data[i] == '[' &&
		skipComposite(data, i, 0, func(_ string, value []byte) bool { return each(value) }) != bad
}

// isJSONObject reports whether data is one whole JSON object and nothing else.
func isJSONObject(data []byte) bool {
	i := skipSpace(data, 0)
	if i == len(data) || data[i] != '{' {
		return false
	}
	end := skipComposite(data, i, 0, nil)
	return end != bad && skipSpace(data, end) == len(data)
}

// skipComposite gives the index behind the object or array that starts at i, or behind the value at which each stopped.
func skipComposite(data []byte, i, depth int, each func(name string, value []byte) bool) int {
	if depth > maxDepth {
		return bad
	}
	object, closing := data[i] == '{', data[i]+2 // in ASCII, "}" and "]" stand two behind "{" and "["
	i = skipSpace(data, i+1)
	if i < len(data) && data[i] == closing {
		return i + 1
	}
	for {
		name := ""
		if object {
			end := skipString(data, i)
			if end == bad {
				return bad
			}
			if each != nil {
				name, _ = jsonString(data[i:end])
			}
			i = skipSpace(data, end)
			if i == len(data) || data[i] != ':' {
				return bad
			}
			i = skipSpace(data, i+1)
		}
		end := skipValue(data, i, depth+1)
		if end == bad {
			return bad
		}
		if each != nil && !each(name, data[i:end]) {
			return end
		}
		i = skipSpace(data, end)
		switch {
		case i == len(data):
			return bad
		case data[i] == closing:
			return i + 1
		case data[i] != ',':
			return bad
		}
		i = skipSpace(data, i+1)
	}
}

// skipValue gives the index behind the value that starts at i.
func skipValue(data []byte, i, depth int) int {
	if i == len(data) {
		return bad
	}
	switch data[i] {
	case '"':
		return skipString(data, i)
	case '{', '[':
		return skipComposite(data, i, depth, nil)
	case 't':
		return skipWord(data, i, "true")
	case 'f':
		return skipWord(data, i, "false")
	case 'n':
		return skipWord(data, i, "null")
	}
	return skipNumber(data, i)
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\n' || data[i] == '\t' || data[i] == '\r') {
		i++
	}
	return i
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
	for i++; i < len(data); i++ {
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
	return bad
}

func skipNumber(data []byte, i int) int {
	digits := func() bool {
		start := i
		for i < len(data) && '0' <= data[i] && data[i] <= '9' {
			i++
		}
		return i > start
	}
	if i < len(data) && data[i] == '-' {
		i++
	}
	if i < len(data) && data[i] == '0' {
		i++
	} else if !digits() {
		return bad
	}
	if i < len(data) && data[i] == '.' {
		i++
		if !digits() {
			return bad
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if !digits() {
			return bad
		}
	}
	return i
}

// jsonInt gives the integer that raw is, and false if it is anything else.
func jsonInt(raw []byte) (int, bool) {
	n, err := strconv.Atoi(string(raw))
	return n, err == nil
}

// jsonString gives the text of the JSON string raw, and false if raw is not a string. A lone surrogate becomes U+FFFD.
func jsonString(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || skipString(raw, 0) != len(raw) {
		return "", false
	}
	raw = raw[1 : len(raw)-1]
	plain := 0
	for plain < len(raw) && raw[plain] != '\\' {
		plain++
	}
	if plain == len(raw) {
		return string(raw), true
	}
	b := append(make([]byte, 0, len(raw)), raw[:plain]...)
	for i := plain; i < len(raw); i++ {
		if raw[i] != '\\' {
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
	return string(b), true
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
