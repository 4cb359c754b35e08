// Package wasmsize shows what a WebAssembly program of the Go linker consists of: its sections, and its functions by
// package.
package wasmsize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Section is a section of a program.
type Section struct {
	// ID is the section's number. It is 0 for a section that the format does not define. Name is then its name.
	ID   byte
	Name string
	// Data is the content of the section, without its name.
	Data []byte
	// Size is the number of bytes of the section in the file.
	Size int
}

// The sections that take most of the size.
const (
	Custom = 0
	Import = 2
	Code   = 10
	Data   = 11
)

// ErrFormat means that the bytes are not a complete WebAssembly program.
var ErrFormat = errors.New("not a whole WebAssembly program")

// Sections returns the sections of a program in their order.
func Sections(program []byte) ([]Section, error) {
	rest, ok := bytes.CutPrefix(program, []byte("\x00asm\x01\x00\x00\x00"))
	if !ok {
		return nil, fmt.Errorf("%w: it does not begin as version 1 of the format", ErrFormat)
	}
	r := reader{rest: rest}
	var sections []Section
	for len(r.rest) > 0 && r.err == nil {
		before := len(r.rest)
		s := Section{ID: r.byte()}
		s.Data = r.vector()
		if s.ID == Custom && r.err == nil {
			inner := reader{rest: s.Data}
			s.Name = string(inner.vector())
			s.Data, r.err = inner.rest, inner.err
		}
		s.Size = before - len(r.rest)
		sections = append(sections, s)
	}
	return sections, r.err
}

// Function is a function of a program.
type Function struct {
	// Name is the name that the linker wrote. All characters but letters, digits, "_" and "." are "_". Name is empty if the
	// program has no names.
	Name string
	// Size is the number of bytes of the function's code.
	Size int
}

// Functions returns the functions that a program defines, in their order.
func Functions(program []byte) ([]Function, error) {
	sections, err := Sections(program)
	if err != nil {
		return nil, err
	}
	var functions []Function
	imported := 0
	for _, s := range sections {
		switch {
		case s.ID == Import:
			imported, err = countImportedFunctions(s.Data)
		case s.ID == Code:
			functions, err = sizes(s.Data)
		case s.ID == Custom && s.Name == "name":
			err = name(functions, imported, s.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	return functions, nil
}

// countImportedFunctions counts the imported functions. They come first in the numbering and have no code in the program.
func countImportedFunctions(section []byte) (int, error) {
	r := reader{rest: section}
	functions := 0
	for n := r.number(); n > 0 && r.err == nil; n-- {
		r.vector() // the module
		r.vector() // the field
		switch kind := r.byte(); kind {
		case 0: // a function: its type
			functions++
			r.number()
		case 1: // a table: the type of its elements and its limits
			r.byte()
			r.limits()
		case 2: // a memory
			r.limits()
		case 3: // a global: its type, and whether it can change
			r.byte()
			r.byte()
		default:
			r.fail("an import of the unknown kind %d", kind)
		}
	}
	return functions, r.err
}

func sizes(section []byte) ([]Function, error) {
	r := reader{rest: section}
	var functions []Function
	for n := r.number(); n > 0 && r.err == nil; n-- {
		before := len(r.rest)
		r.vector()
		functions = append(functions, Function{Size: before - len(r.rest)})
	}
	return functions, r.err
}

// name sets the names of the functions. The section has the program's name, the names of functions, and other parts.
func name(functions []Function, imported int, section []byte) error {
	const functionNames = 1
	parts := reader{rest: section}
	for len(parts.rest) > 0 && parts.err == nil {
		id := parts.byte()
		r := reader{rest: parts.vector()}
		if id != functionNames {
			continue
		}
		for n := r.number(); n > 0 && r.err == nil; n-- {
			index := int(r.number()) - imported
			text := r.vector()
			if 0 <= index && index < len(functions) {
				functions[index].Name = string(text)
			}
		}
		if r.err != nil {
			return r.err
		}
	}
	return parts.err
}

// reader reads from the front of rest. After an error it returns zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)
	}
	r.rest = nil
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.fail("it ends too soon")
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// number reads an unsigned 32-bit number in LEB128. encoding/binary writes numbers in the same way.
func (r *reader) number() uint32 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || n > 5 || v > 1<<32-1 {
		r.fail("a number is cut off or too large")
		return 0
	}
	r.rest = r.rest[n:]
	return uint32(v)
}

// vector reads a length and then that many bytes.
func (r *reader) vector() []byte {
	n := int64(r.number())
	if n > int64(len(r.rest)) {
		r.fail("it ends too soon")
		return nil
	}
	v := r.rest[:n]
	r.rest = r.rest[n:]
	return v
}

func (r *reader) limits() {
	hasMaximum := r.byte()&1 != 0
	r.number()
	if hasMaximum {
		r.number()
	}
}
