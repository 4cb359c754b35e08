// Package flaghash computes the hashes by which the platform names an app's feature flags.
package flaghash

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Of returns the hash of a flag's name: djb2 over the UTF-16 code units of the trimmed name, in 32 bits, as a decimal
// number. It returns "" if the trimmed name is empty. It is getHashedValue of npm's @forge/bridge
// 7.2.0.
func Of(name string) string {
	name = strings.TrimFunc(name, isSpace)
	if name == "" {
		return ""
	}
	hash := uint32(5381)
	for _, unit := range utf16.Encode([]rune(name)) {
		hash = hash*33 + uint32(unit)
	}
	return strconv.FormatUint(uint64(hash), 10)
}

// isSpace reports whether JavaScript's trim removes r. See https://tc39.es/ecma262/#sec-white-space
func isSpace(r rune) bool {
	return r == '\uFEFF' || unicode.IsSpace(r) && r != '\u0085'
}
