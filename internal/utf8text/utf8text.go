// Package utf8text decodes bytes to text as browsers do.
package utf8text

import "unicode/utf8"

// Decode returns data without a byte order mark at its start, and with U+FFFD instead of invalid UTF-8: "UTF-8
// decode" of https://encoding.spec.whatwg.org/#utf-8-decode, as text() and json() of a Response do. If data has
// neither, Decode returns it without copying.
func Decode(data []byte) []byte { return Replace(TrimMark(data)) }

// TrimMark returns data without a byte order mark at its start.
func TrimMark(data []byte) []byte {
	if len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF {
		return data[3:]
	}
	return data
}

// Replace is Decode for data that is not at the start of a text. It keeps a byte order mark, which is an ordinary
// character there.
func Replace(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	var text []byte
	copied := 0
	invalid := -1 // start of the bytes that the last U+FFFD replaced
	for i, r := range string(data) {
		if r != utf8.RuneError || isReplacement(data[i:]) {
			continue
		}
		if invalid < 0 || !isPrefix(data[invalid:i+1]) {
			text = append(append(text, data[copied:i]...), "\uFFFD"...)
			invalid = i
		}
		copied = i + 1
	}
	return append(text, data[copied:]...)
}

// isReplacement reports whether b starts with U+FFFD itself.
func isReplacement(b []byte) bool { return len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBF && b[2] == 0xBD }

// isPrefix reports whether b is the start of a longer character. One U+FFFD replaces all of it.
func isPrefix(b []byte) bool {
	whole := [utf8.UTFMax]byte{0x80, 0x80, 0x80, 0x80}
	size := 3
	if b[0] >= 0xF0 {
		size = 4
	}
	return copy(whole[:], b) < size && utf8.Valid(whole[:size])
}
