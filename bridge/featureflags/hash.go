package featureflags

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// hash returns the platform's name for a flag: djb2 over the UTF-16 code units of its trimmed name, in 32 bits, as a
// decimal number. It returns "" for an empty name.
func hash(name string) string {
	name = strings.TrimFunc(name, isSpace)
	if name == "" {
		return ""
	}
	h := uint32(5381)
	for _, unit := range utf16.Encode([]rune(name)) {
		h = h*33 + uint32(unit)
	}
	return strconv.FormatUint(uint64(h), 10)
}

// isSpace reports whether JavaScript's trim removes r.
func isSpace(r rune) bool {
	return r == '\uFEFF' || unicode.IsSpace(r) && r != '\u0085'
}

// truthy reports whether a value is true in a JavaScript condition.
func truthy(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}
