//go:build !tinygo

package nesting

import (
	"errors"

	"github.com/forgego/forgego/internal/jsoncodec"
)

// ErrTooDeep means that a value nests deeper than 500 levels, or 32 under TinyGo.
var ErrTooDeep = jsoncodec.ErrTooDeep

// Unmarshal decodes JSON into v, as encoding/json does. If the JSON nests too deeply, it returns [ErrTooDeep].
func Unmarshal(data []byte, v any) error { return jsoncodec.Unmarshal(data, v) }

// UnmarshalShallow is Unmarshal for a type that keeps nested parts as json.RawMessage. It allows 500 levels under
// TinyGo too.
func UnmarshalShallow(data []byte, v any) error { return jsoncodec.Unmarshal(data, v) }

// Marshal returns the JSON of v, as encoding/json makes it, except that <, > and & are not escaped, as in
// JSON.stringify. If v nests too deeply, it returns [ErrTooDeep].
func Marshal(v any) ([]byte, error) { return jsoncodec.Marshal(v) }

// Append is Marshal that appends to b. If it fails, it returns b.
func Append(b []byte, v any) ([]byte, error) { return jsoncodec.Append(b, v) }

// Room returns an empty slice, most often with memory that [Recycle] got.
func Room() []byte { return jsoncodec.Room() }

// Recycle keeps the memory of b for [Room]. Nobody may use b afterwards.
func Recycle(b []byte) { jsoncodec.Recycle(b) }

// Problem describes an error of Unmarshal without quoting the JSON.
func Problem(err error) string {
	if _, ok := errors.AsType[*jsoncodec.SyntaxError](err); ok || err == ErrTooDeep {
		return err.Error()
	}
	if _, ok := errors.AsType[*jsoncodec.TypeError](err); ok {
		return err.Error()
	}
	if _, ok := errors.AsType[*jsoncodec.TargetError](err); ok {
		return err.Error()
	}
	return otherProblem
}

// otherProblem describes the error of a type's own method, which may quote the JSON.
const otherProblem = "it does not fit the Go value"
