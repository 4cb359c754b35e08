package bundle

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const (
	wasmHeader  = "\x00asm\x01\x00\x00\x00"
	codeSection = 10
	// lastSection is the highest section id, that of tags.
	lastSection = 13
)

// checkProgram returns ErrIncomplete unless data is a complete WebAssembly module: the header, then sections whose
// lengths end exactly at the end, including a code section. It does not check the content of the sections. Source:
// https://webassembly.github.io/spec/core/binary/modules.html
func checkProgram(data []byte) error {
	if !bytes.HasPrefix(data, []byte(wasmHeader)) {
		return fmt.Errorf("%w: it does not start with the WebAssembly header", ErrIncomplete)
	}
	code := false
	for at := len(wasmHeader); at < len(data); {
		id := data[at]
		size, digits := binary.Uvarint(data[at+1:])
		left := len(data) - at - 1 - digits
		// No section is empty. This check prevents trailing zeros from counting as sections.
		if id > lastSection || digits <= 0 || digits > 5 || size == 0 || size > uint64(left) {
			return fmt.Errorf("%w: its section at byte %d does not end within its %d bytes", ErrIncomplete, at, len(data))
		}
		code = code || id == codeSection
		at += 1 + digits + int(size)
	}
	if !code {
		return fmt.Errorf("%w: it has no code", ErrIncomplete)
	}
	return nil
}
