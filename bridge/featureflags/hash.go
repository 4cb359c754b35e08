package featureflags

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// hash gives the name by which the platform knows a flag: djb2 over the UTF-16 units of its name without the white space
// around it, in 32 bits, as a decimal number. An empty name has none.
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

// isSpace reports what JavaScript's trim removes.
func isSpace(r rune) bool {
	return r == '\uFEFF' || unicode.IsSpace(r) && r != '\u0085'
}

// truthy reports whether JavaScript takes a value for true.
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
