// Package jsvalue does with JSON values what JavaScript does with the values that they stand for.
package jsvalue

import (
	"bytes"
	"encoding/json"
	"strings"
)

// String is String() of a JSON value. An empty text is undefined.
func String(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "undefined"
	}
	switch raw[0] {
	case '"':
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
	case '{':
		return "[object Object]"
	case '[':
		var elements []json.RawMessage
		if json.Unmarshal(raw, &elements) == nil {
			texts := make([]string, len(elements))
			for i, element := range elements {
				if !IsNullish(element) {
					texts[i] = String(element)
				}
			}
			return strings.Join(texts, ",")
		}
	}
	return string(raw)
}

// IsNullish reports whether a JSON value is undefined, which is an empty text, or null.
func IsNullish(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// IsTruthy reports whether a JSON value is true in a condition.
func IsTruthy(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", "false", `""`, "0", "-0":
		return false
	}
	return true
}
