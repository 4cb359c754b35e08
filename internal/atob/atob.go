// Package atob decodes base64 as JavaScript's atob does.
package atob

import "encoding/base64"

// Decode decodes base64. It ignores ASCII white space, and bits left over in the last character. Padding may be missing,
// but not wrong. See https://infra.spec.whatwg.org/#forgiving-base64-decode
func Decode(text string) ([]byte, error) {
	packed := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\f', '\r':
		default:
			packed = append(packed, c)
		}
	}
	if len(packed)%4 == 0 {
		for range 2 {
			if n := len(packed); n > 0 && packed[n-1] == '=' {
				packed = packed[:n-1]
			}
		}
	}
	n, err := base64.RawStdEncoding.Decode(packed, packed)
	return packed[:n], err
}
