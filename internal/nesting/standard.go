//go:build tinygo || !js

package nesting

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// The functions of this file use encoding/json. They are for TinyGo, and are compiled on other systems for the tests.

// maxOpen is how deeply JSON may nest. In a page, a Go program also uses the JavaScript engine's stack, which cannot
// grow, and encoding/json recurses once per level. Measured with a type whose UnmarshalJSON calls json.Unmarshal, the
// most expensive case, the engine's stack ends at these levels: Chromium 156 at 3,047 with Go 1.27.4 and at 3,829
// with Go 1.26.8; Firefox 153 at 7,501 and 8,126; WebKitGTK 2.50 above 9,800. Other devices have smaller stacks, and
// the caller's own frames need some. For TinyGo, see maxDepth.
const maxOpen = 500

func standardUnmarshal(data []byte, v any, limit int) error {
	if deeper(data, limit) {
		return ErrTooDeep
	}
	return json.Unmarshal(data, v)
}

func standardProblem(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "syntax error at byte " + strconv.FormatInt(syntax.Offset, 10)
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		// For a number, the number itself follows the word.
		value, _, _ := strings.Cut(mismatch.Value, " ")
		return "cannot put a " + value + " into a Go " + mismatch.Type.String() + " (field " + mismatch.Field + ")"
	}
	if err == ErrTooDeep {
		return err.Error()
	}
	return otherProblem
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
