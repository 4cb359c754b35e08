package jsoncodec

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

const ones, highs = 0x0101010101010101, 0x8080808080808080

// marked sets the high bit of each byte of w that ends plain text: a quote, a backslash, a control character. Only the
// lowest of the marks is certain.
func marked(w uint64) uint64 {
	quote, backslash := w^'"'*ones, w^'\\'*ones
	// A subtraction borrows into a byte's high bit if the byte was too small: below a space, or zero.
	return ((w-' '*ones)&^w | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
}

// plainEnd returns the index, from i on, of the first byte that is a quote, a backslash or a control character, or the
// end. It also returns whether all bytes before are ASCII. It reads eight bytes at a time, because a loop over bytes is
// slow in WebAssembly.
func plainEnd(data []byte, i int) (end int, ascii bool) {
	seen := uint64(0)
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if found := marked(w); found != 0 {
			n := bits.TrailingZeros64(found) &^ 7
			seen |= w & (1<<n - 1)
			return i + n/8, seen&highs == 0
		}
		seen |= w
	}
	for ; i < len(data); i++ {
		c := data[i]
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		seen |= uint64(c)
	}
	return i, seen&highs == 0
}

// string reads the string whose opening quote is at d.at. Plain ASCII is found here, because most strings are like that and
// calls are slow in WebAssembly.
func (d *decoder) string() (string, bool) {
	data, start := d.data, d.at+1
	for i := start; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		found := marked(w) | w&highs
		if found == 0 {
			continue
		}
		if i += bits.TrailingZeros64(found) / 8; data[i] != '"' {
			break
		}
		d.at = i + 1
		n, room := i-start, d.room
		if n > maxShort || len(room) < maxShort || len(data)-start < maxShort {
			return d.keep(data[start:i]), true
		}
		from, to := (*[maxShort]byte)(data[start:]), (*[maxShort]byte)(room)
		binary.LittleEndian.PutUint64(to[0:], binary.LittleEndian.Uint64(from[0:]))
		binary.LittleEndian.PutUint64(to[8:], binary.LittleEndian.Uint64(from[8:]))
		binary.LittleEndian.PutUint64(to[16:], binary.LittleEndian.Uint64(from[16:]))
		d.room = room[n:]
		return unsafe.String(unsafe.SliceData(room), n), true
	}
	text, ok := d.bytes()
	return d.keep(text), ok
}

// bytes reads the string whose opening quote is at d.at. What it returns is valid until the next call.
func (d *decoder) bytes() ([]byte, bool) {
	start := d.at + 1
	end, ascii := plainEnd(d.data, start)
	if end < len(d.data) && d.data[end] == '"' && (ascii || utf8.Valid(d.data[start:end])) {
		d.at = end + 1
		return d.data[start:end:end], true
	}
	return d.unescape(start)
}

// unescape reads a string whose first character is at i. What it returns is valid until the next call.
func (d *decoder) unescape(i int) ([]byte, bool) {
	text := d.scratch[:0]
	for {
		end, ascii := plainEnd(d.data, i)
		if ascii || utf8.Valid(d.data[i:end]) {
			text = append(text, d.data[i:end]...)
		} else {
			text = appendValid(text, d.data[i:end])
		}
		d.scratch = text
		switch {
		case end >= len(d.data):
			return nil, d.wrong(end, noQuote)
		case d.data[end] == '"':
			d.at = end + 1
			return text, true
		case d.data[end] != '\\':
			return nil, d.wrong(end, badControl)
		}
		after, wrong := skipEscape(d.data, end)
		if wrong != "" {
			return nil, d.wrong(after, wrong)
		}
		text, i = appendEscaped(text, d.data, end)
	}
}

// appendEscaped appends the character of the escape whose backslash is at i. The escape is complete. It returns the index
// after the escape, and after the second half of a surrogate pair.
func appendEscaped(b, data []byte, i int) ([]byte, int) {
	switch c := data[i+1]; c {
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
		r := escapedUnit(data[i:])
		i += 6
		if 0xD800 <= r && r < 0xDC00 {
			if low := escapedUnit(data[i:]); 0xDC00 <= low && low < 0xE000 {
				r = (r-0xD800)<<10 + (low - 0xDC00) + 0x10000
				i += 6
			}
		}
		return utf8.AppendRune(b, r), i // half a pair becomes U+FFFD
	default: // a quote, a backslash or a slash
		b = append(b, c)
	}
	return b, i + 2
}

// escapedUnit returns the UTF-16 unit of the escape at the start of data, or -1 if there is none.
func escapedUnit(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range data[2:6] {
		v := digitValue(c)
		if v < 0 {
			return -1
		}
		r = r<<4 | v
	}
	return r
}

// sharedString returns b as a string that shares its memory. It must not be used when b has changed.
func sharedString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// appendValid appends text. Each byte that is not UTF-8 becomes U+FFFD.
func appendValid(b, text []byte) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		b = utf8.AppendRune(b, r)
		i += size
	}
	return b
}

const (
	// chunk is how much memory short strings share.
	chunk = 64
	// maxShort is the length of the longest string that shares memory. Longer ones hold only themselves.
	maxShort = 24
)

// keep returns a copy of text, which was just read. Short strings are copied into memory that they share, because an allocation
// for each takes long.
//
//go:noinline
func (d *decoder) keep(text []byte) string {
	n := len(text)
	if n > maxShort {
		return string(text)
	}
	if n > len(d.room) {
		d.room = make([]byte, chunk)
	}
	copy(d.room, text)
	s := unsafe.String(unsafe.SliceData(d.room), n)
	d.room = d.room[n:]
	return s
}

// appendString appends text as a JSON string, as encoding/json does if it does not escape HTML. Bytes that are not UTF-8
// become U+FFFD. The text is looked at and copied in one pass, eight bytes at a time.
func appendString(b []byte, text string) []byte {
	s := unsafe.Slice(unsafe.StringData(text), len(text))
	if n := len(b); cap(b)-n >= shortRoom {
		if size := shortString(b[n:n+shortRoom], s); size > 0 {
			return b[:n+size]
		}
	}
	b = append(slices.Grow(b, len(s)+16), '"')
	foreign := uint64(highs) // characters outside ASCII are looked at, until all are known to be right
	for i := 0; ; {
		n := len(b)
		room := b[n:cap(b)]
		rest := s[i:]
		copied := 0
		for copied+8 <= len(rest) && copied+8 <= len(room) {
			w := binary.LittleEndian.Uint64(rest[copied:])
			binary.LittleEndian.PutUint64(room[copied:], w)
			if found := marked(w) | w&foreign; found != 0 {
				copied += bits.TrailingZeros64(found) / 8
				goto special
			}
			copied += 8
		}
		for copied < len(rest) && copied < len(room) {
			c := rest[copied]
			if c < ' ' || c == '"' || c == '\\' || uint64(c)&foreign != 0 {
				goto special
			}
			room[copied] = c
			copied++
		}
	special:
		b = b[:n+copied]
		i += copied
		switch {
		case i == len(s):
			return append(b, '"')
		case copied == len(room):
		case s[i] < utf8.RuneSelf:
			b = appendEscape(b, s[i])
			i++
		case needsNoEscape(text[i:]):
			foreign = 0
		default:
			b, i = appendForeign(b, text, i)
		}
		b = slices.Grow(b, len(s)-i+16)
	}
}

const (
	// maxInline is the length of the longest string that shortString encodes.
	maxInline = 48
	shortRoom = maxInline + 8 + 2
)

// shortString writes text as a JSON string into room, which has shortRoom bytes. It returns how many bytes that are, or 0 if
// the text is too long or not plain ASCII.
func shortString(room, text []byte) int {
	n := len(text)
	if n > maxInline || len(room) < shortRoom {
		return 0
	}
	room[0] = '"'
	out := room[1:]
	special := uint64(0)
	i := 0
	for ; i+8 <= n; i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		binary.LittleEndian.PutUint64(out[i:], w)
		special |= marked(w) | w&highs
	}
	switch {
	case i == n:
	case n >= 8:
		w := binary.LittleEndian.Uint64(text[n-8:])
		binary.LittleEndian.PutUint64(out[n-8:], w)
		special |= marked(w) | w&highs
	case n >= 4:
		first, last := binary.LittleEndian.Uint32(text), binary.LittleEndian.Uint32(text[n-4:])
		binary.LittleEndian.PutUint32(out, first)
		binary.LittleEndian.PutUint32(out[n-4:], last)
		w := uint64(first) | uint64(last)<<32
		special |= marked(w) | w&highs
	default:
		w := uint64(ones * ' ')
		for j, c := range text {
			out[j] = c
			w = w<<8 | uint64(c)
		}
		special |= marked(w) | w&highs
	}
	if special != 0 {
		return 0
	}
	out[n] = '"'
	return n + 2
}

// needsNoEscape reports whether text is UTF-8 without the characters outside ASCII that are escaped.
func needsNoEscape(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for {
		i := strings.IndexByte(text, lineSeparator[0])
		if i < 0 {
			return true
		}
		if text = text[i:]; isSeparator(text) {
			return false
		}
		text = text[1:]
	}
}

const lineSeparator = "\u2028"

// isSeparator reports whether text starts with U+2028 or U+2029, which end a line in old JavaScript.
func isSeparator(text string) bool {
	return len(text) >= 3 && text[0] == lineSeparator[0] && text[1] == lineSeparator[1] && text[2]&^1 == lineSeparator[2]
}

// appendForeign appends the characters outside ASCII that start at i. It returns the index after them.
func appendForeign(b []byte, text string, i int) ([]byte, int) {
	for i < len(text) && text[i] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, `\ufffd`...)
		case isSeparator(text[i:]):
			b = append(b, '\\', 'u', '2', '0', '2', hex[r&0xF])
		default:
			b = append(b, text[i:i+size]...)
		}
		i += size
	}
	return b, i
}

// appendEscape appends a character of ASCII that must be escaped.
func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
}

const hex = "0123456789abcdef"
