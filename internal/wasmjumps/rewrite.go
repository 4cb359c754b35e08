// Package wasmjumps makes the jumps direct in WebAssembly that the Go compiler has written.
//
// WebAssembly has blocks and loops, but no jumps to any place. So the Go compiler puts the code of each function into a loop
// that starts with a table of all places: a jump stores the number of its place and goes to the table
// (https://github.com/golang/go/blob/go1.26.0/src/cmd/internal/obj/wasm/wasmobj.go). Engines compile that as it is written,
// so each jump costs an indirect one, and at the table nothing is known about any variable.
//
// Rewrite changes the jumps that go forward into branches out of blocks, and loops into loops. The table stays: after a call that
// another goroutine interrupted, the function goes on through it. Files: parse.go reads a function, order.go finds its loops and
// changes the order of its parts, function.go chooses what becomes a loop, and write.go writes it.
package wasmjumps

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"sync"
)

// Rewrite returns the program with direct jumps. A function whose code is not as the compiler writes it, or which uses
// instructions that this package does not know, is copied as it is.
//
// An error says that the program is not a module of WebAssembly.
func Rewrite(program []byte) ([]byte, error) {
	if !bytes.HasPrefix(program, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errors.New("this is not a program of WebAssembly")
	}
	out := slices.Grow([]byte(nil), len(program))
	out = append(out, program[:8]...)
	r := reader{code: program, at: 8}
	for r.at < len(program) {
		start := r.at
		id := r.byte()
		size := r.uint()
		body := r.bytes(size)
		if r.failed {
			return nil, errBroken
		}
		if id != codeSection {
			out = append(out, program[start:r.at]...)
			continue
		}
		code, ok := rewriteCode(body)
		if !ok {
			return nil, errBroken
		}
		out = append(out, codeSection)
		out = appendUint(out, len(code))
		out = append(out, code...)
	}
	return out, nil
}

const codeSection = 10

var errBroken = errors.New("the program ends too early or has a wrong size in it")

// rewriteCode returns the content of the section with the functions' code. It uses all processors.
func rewriteCode(section []byte) ([]byte, bool) {
	r := reader{code: section}
	count := r.uint()
	var bodies [][]byte
	for range count {
		bodies = append(bodies, r.bytes(r.uint()))
		if r.failed {
			return nil, false
		}
	}
	chunks := slices.Collect(slices.Chunk(bodies, 256))
	rewritten := make([][]byte, len(chunks))
	var working sync.WaitGroup
	for i, chunk := range chunks {
		working.Go(func() { rewritten[i] = rewriteBodies(chunk) })
	}
	working.Wait()
	return slices.Concat(append([][]byte{appendUint(nil, count)}, rewritten...)...), r.at == len(section)
}

// rewriteBodies returns the functions' code, each with its size before it.
func rewriteBodies(bodies [][]byte) []byte {
	var out []byte
	var w writer
	for _, body := range bodies {
		if f, ok := parse(body); ok {
			body = w.write(f, body)
		}
		out = append(appendUint(out, len(body)), body...)
	}
	return out
}

// reader reads numbers and instructions. After a mistake failed is true, and what it returns means nothing.
type reader struct {
	code   []byte
	at     int
	failed bool
}

func (r *reader) byte() byte {
	if r.at >= len(r.code) {
		r.failed = true
		return 0
	}
	b := r.code[r.at]
	r.at++
	return b
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.code)-r.at {
		r.failed = true
		return nil
	}
	b := r.code[r.at : r.at+n]
	r.at += n
	return b
}

// uint reads an unsigned number of at most 31 bits, in LEB128. The compiler writes no greater ones.
func (r *reader) uint() int {
	v := uint64(0)
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7F) << shift
		if b < 0x80 {
			r.failed = r.failed || v > math.MaxInt32
			return int(v & math.MaxInt32)
		}
	}
	r.failed = true
	return 0
}

// int reads a signed number of at most 64 bits, in LEB128.
func (r *reader) int() int64 {
	v := int64(0)
	for shift := 0; shift < 70; shift += 7 {
		b := r.byte()
		v |= int64(b&0x7F) << shift
		if b < 0x80 {
			if b&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.failed = true
	return 0
}

func appendUint(b []byte, n int) []byte {
	v := uint32(n)
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

func appendInt(b []byte, n int) []byte {
	for ; n < -0x40 || n > 0x3F; n >>= 7 {
		b = append(b, byte(n)&0x7F|0x80)
	}
	return append(b, byte(n)&0x7F)
}
