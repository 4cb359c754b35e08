// Package utf8text decodes bytes to text as browsers do.
package utf8text

import "unicode/utf8"

// Decode returns data without a byte order mark at its start, and with U+FFFD for whatever is not UTF-8: "UTF-8 decode" of
// https://encoding.spec.whatwg.org/#utf-8-decode, as text() and json() of a Response do. Text without either is returned
// as it is, not copied.
func Decode(data []byte) []byte { return Replace(TrimMark(data)) }

// TrimMark returns data without a byte order mark at its start.
func TrimMark(data []byte) []byte {
	if len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF {
		return data[3:]
	}
	return data
}

// Replace is Decode for what is not at the start of a text: it leaves a byte order mark, which is a character there.
func Replace(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	text := make([]byte, 0, len(data)+len(data)/8)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size <= 1 {
			size = invalid(data)
		}
		text = utf8.AppendRune(text, r)
		data = data[size:]
	}
	return text
}

// invalid returns how many bytes one U+FFFD stands for: as many as could begin a character, and at least one.
func invalid(data []byte) int {
	// A character that is complete up to its end is one that is cut off.
	for size := min(len(data), utf8.UTFMax-1); size > 1; size-- {
		if isPrefix(data[:size]) {
			return size
		}
	}
	return 1
}

// isPrefix reports whether b, of two or three bytes, is the beginning of a longer character.
func isPrefix(b []byte) bool {
	low, high := byte(0x80), byte(0xBF)
	size := 0
	switch c := b[0]; {
	case c == 0xE0:
		size, low = 3, 0xA0
	case c == 0xED:
		size, high = 3, 0x9F
	case 0xE1 <= c && c <= 0xEF:
		size = 3
	case c == 0xF0:
		size, low = 4, 0x90
	case c == 0xF4:
		size, high = 4, 0x8F
	case 0xF1 <= c && c <= 0xF3:
		size = 4
	}
	if len(b) >= size || b[1] < low || b[1] > high {
		return false
	}
	return len(b) < 3 || 0x80 <= b[2] && b[2] <= 0xBF
}
