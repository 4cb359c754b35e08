// Package nesting reads JSON into a type that may nest as deeply as the JSON does, which may be anybody's.
package nesting

import (
	"encoding/json"
	"errors"
)

// ErrTooDeep is JSON that nests more than 32 deep, under TinyGo.
var ErrTooDeep = errors.New("it is nested too deeply")

// maxDepth is for encoding/json under TinyGo, where it takes up to 2.3 KiB of stack for each level. A goroutine's stack does
// not grow there: "forgego build" makes it 128 KiB, and what runs over its end overwrites other memory.
const maxDepth = 32

// Unmarshal reads JSON into v, as encoding/json does. Under TinyGo it refuses JSON that is nested too deeply with
// [ErrTooDeep].
func Unmarshal(data []byte, v any) error {
	if stackIsFixed && depth(data) > maxDepth {
		return ErrTooDeep
	}
	return json.Unmarshal(data, v)
}

// depth gives how deep values nest in JSON. Of what is not JSON it may give any depth.
func depth(data []byte) int {
	depth, most := 0, 0
	inString := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{', c == '[':
			depth++
			most = max(most, depth)
		case c == '}', c == ']':
			depth--
		}
	}
	return most
}
