// Package nesting converts between JSON and Go values, by encoding/json, and refuses what nests so deeply that it could
// exhaust the stack. An exhausted stack ends the whole program: Go cannot recover from it.
package nesting

import (
	"encoding/json"
	"errors"
)

// maxOpen is how deep JSON may nest. A Go program in a page also uses the stack of the JavaScript engine, which it cannot
// grow, and encoding/json calls itself for each level. The engine's stack was measured to end at these levels, with a type
// whose UnmarshalJSON calls json.Unmarshal, the costliest case: Chromium 156 at 3,047 with Go 1.27.4 and at 3,829 with Go
// 1.26.8; Firefox 153 at 7,501 and 8,126; WebKitGTK 2.50 above 9,800. Other devices have smaller stacks, and the caller's
// own frames need some. See maxDepth for TinyGo.
const maxOpen = 500

// ErrTooDeep is a value that nests deeper than 500 levels, or 32 under TinyGo.
var ErrTooDeep = errors.New("it is nested in more than " + maxDepthText + " levels")

// Unmarshal reads JSON into v, as encoding/json does. JSON that is nested too deeply gives [ErrTooDeep].
func Unmarshal(data []byte, v any) error { return unmarshal(data, v, maxDepth) }

// UnmarshalShallow is Unmarshal for a type that keeps as json.RawMessage whatever may nest. It allows 500 levels under
// TinyGo too, whose encoding/json does not call itself to skip over a value.
func UnmarshalShallow(data []byte, v any) error { return unmarshal(data, v, maxOpen) }

func unmarshal(data []byte, v any, limit int) error {
	if deeper(data, limit) {
		return ErrTooDeep
	}
	return json.Unmarshal(data, v)
}

// deeper reports whether values nest in JSON in more levels than limit. Of what is not JSON it sees what comes before the
// mistake, where encoding/json stops.
func deeper(data []byte, limit int) bool {
	// Most JSON does not even open so many values, and counting them is fast.
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
