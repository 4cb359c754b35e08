package bridge

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// plain gives how many bytes at the start of b are ASCII and neither control characters, quotes nor backslashes: what
// stands for itself in a JSON text, and in a header. It reads eight at a time, since a loop over bytes is slow in
// WebAssembly and most of what crosses the bridge is plain.
func plain(b []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, backslash := w^'"'*ones, w^'\\'*ones
		// A difference borrows into a byte's high bit where the byte was too small: below a space, or zero.
		found := (w | (w-' '*ones)&^w | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && ' ' <= b[i] && b[i] < 0x80 && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

func plainString(s string) int { return plain(unsafe.Slice(unsafe.StringData(s), len(s))) }
