//go:build tinygo

package nesting

import "errors"

// ErrTooDeep means that a value nests deeper than 500 levels, or 32 under TinyGo.
var ErrTooDeep = errors.New("it is nested in more than " + maxDepthText + " levels")

// Unmarshal decodes JSON into v, as encoding/json does. If the JSON nests too deeply, it returns [ErrTooDeep].
func Unmarshal(data []byte, v any) error { return standardUnmarshal(data, v, maxDepth) }

// UnmarshalShallow is Unmarshal for a type that keeps nested parts as json.RawMessage. It allows 500 levels under
// TinyGo too, because encoding/json does not recurse to skip a value.
func UnmarshalShallow(data []byte, v any) error { return standardUnmarshal(data, v, maxOpen) }

// Marshal returns the JSON of v, as encoding/json makes it, except that <, > and & are not escaped, as in
// JSON.stringify. If v nests too deeply, it returns [ErrTooDeep].
func Marshal(v any) ([]byte, error) { return standardMarshal(v) }

// Append is Marshal that appends to b. If it fails, it returns b.
func Append(b []byte, v any) ([]byte, error) {
	data, err := standardMarshal(v)
	return append(b, data...), err
}

// Room returns an empty slice.
func Room() []byte { return nil }

// Recycle does nothing: encoding/json has its own memory, which TinyGo does not share out again.
func Recycle([]byte) {}

// Problem describes an error of Unmarshal without quoting the JSON.
func Problem(err error) string { return standardProblem(err) }

const otherProblem = "it does not fit the Go value"
