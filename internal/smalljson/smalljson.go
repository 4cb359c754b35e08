// Package smalljson bounds the lists and maps in a request before they are decoded: a megabyte of "[]," becomes 24 times
// as much memory.
package smalljson

import (
	"encoding/json"
	"errors"
)

// maxSize is how long the JSON of a list or a map may be, in bytes: what request headers may have together.
const maxSize = 256 << 10

var errTooLarge = errors.New("a list or an object in the request is larger than 256 KB")

// List is a list whose JSON has at most 256 KB.
type List[T any] []T

// UnmarshalJSON checks the size before it decodes.
func (l *List[T]) UnmarshalJSON(data []byte) error { return unmarshal(data, (*[]T)(l)) }

// Map is a JSON object of at most 256 KB.
type Map[T any] map[string]T

// UnmarshalJSON checks the size before it decodes.
func (m *Map[T]) UnmarshalJSON(data []byte) error { return unmarshal(data, (*map[string]T)(m)) }

func unmarshal(data []byte, into any) error {
	if len(data) > maxSize {
		return errTooLarge
	}
	return json.Unmarshal(data, into)
}
