// Package nesting converts between JSON and Go values with encoding/json, and refuses values that nest so deeply that
// they could exhaust the stack. An exhausted stack ends the whole program: Go cannot recover from it.
package nesting

import (
	"encoding/json"
	"errors"
)

// maxOpen is how deeply JSON may nest. In a page, a Go program also uses the JavaScript engine's stack, which cannot
// grow, and encoding/json recurses once per level. Measured with a type whose UnmarshalJSON calls json.Unmarshal, the
// most expensive case, the engine's stack ends at these levels: Chromium 156 at 3,047 with Go 1.27.4 and at 3,829
// with Go 1.26.8; Firefox 153 at 7,501 and 8,126; WebKitGTK 2.50 above 9,800. Other devices have smaller stacks, and
// the caller's own frames need some. For TinyGo, see maxDepth.
const maxOpen = 500

// ErrTooDeep means that a value nests deeper than 500 levels, or 32 under TinyGo.
var ErrTooDeep = errors.New("it is nested in more than " + maxDepthText + " levels")

// Unmarshal decodes JSON into v, as encoding/json does. If the JSON nests too deeply, it returns [ErrTooDeep].
func Unmarshal(data []byte, v any) error { return unmarshal(data, v, maxDepth) }

// UnmarshalShallow is Unmarshal for a type that keeps nested parts as json.RawMessage. It allows 500 levels under
// TinyGo too, because encoding/json does not recurse to skip a value.
func UnmarshalShallow(data []byte, v any) error { return unmarshal(data, v, maxOpen) }

func unmarshal(data []byte, v any, limit int) error {
	if deeper(data, limit) {
		return ErrTooDeep
	}
	return json.Unmarshal(data, v)
}

// deeper reports whether JSON nests in more levels than limit. If data is not valid JSON, it looks only at the part
// before the mistake, where encoding/json stops.
func deeper(data []byte, limit int) bool {
	// Most JSON has fewer opening brackets than this, and counting them is fast.
	opened := 0
	for _, c := range data {
		if c|0x20 == '{' { // or '['
			opened++
		}
	}
	if opened <= limit {
		return false
	}
	depth := 0
	inString := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c|0x20 == '{':
			if depth++; depth > limit {
				return true
			}
		case c|0x20 == '}':
			depth--
		}
	}
	return false
}
