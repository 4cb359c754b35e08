// Package wasmsize tells what a WebAssembly program of the Go linker consists of: its sections, and its functions by the
// packages that they come from.
package wasmsize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Section is a section of a program.
type Section struct {
	// ID is the section's number, 0 for one that the format does not know. Name is then its name.
	ID   byte
	Name string
	// Data is what the section holds; of one with a name, what follows the name.
	Data []byte
	// Size is the bytes that the section takes in the file.
	Size int
}

// The sections that a size is mostly made of.
const (
	Custom = 0
	Import = 2
	Code   = 10
	Data   = 11
)

// ErrFormat means that the bytes are no WebAssembly program, or not a whole one.
var ErrFormat = errors.New("not a whole WebAssembly program")

// Sections gives a program's sections in their order.
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
	// Name is as the linker wrote it: all but letters, digits, "_" and "." is "_". It is empty if the program has no names.
	Name string
	// Size is the bytes of its code.
	Size int
}

// Functions gives the functions that a program defines, in their order.
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

// countImportedFunctions counts the functions that come first in the numbering and have no code here.
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
		case 3: // a global: its type, and whether it changes
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

// name gives the functions their names. The section's parts are the program's name, those of functions, and others.
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

// reader reads from the front of rest. After an error it gives zeros.
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

// number reads an unsigned number of 32 bits in LEB128, which is how encoding/binary writes numbers too.
func (r *reader) number() uint32 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || n > 5 || v > 1<<32-1 {
		r.fail("a number is cut off or too large")
		return 0
	}
	r.rest = r.rest[n:]
	return uint32(v)
}

// vector reads a length and so many bytes.
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
