//go:build !js

package nesting

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzDeeper compares the depth that deeper sees with what encoding/json reads.
func FuzzDeeper(f *testing.F) {
	for _, seed := range []string{`[]`, `{"a":[1,[2]],"b":{"\"[":null}}`, `["\\",[[]]]`, `[[[`, `]]][`, `"\u005b[`, `{"a":"[{"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			_ = deeper(data, 0)
			return
		}
		depth, most := 0, 0
		for decoder := json.NewDecoder(bytes.NewReader(data)); ; {
			token, err := decoder.Token()
			if err != nil {
				break
			}
			switch token {
			case json.Delim('['), json.Delim('{'):
				depth++
				most = max(most, depth)
			case json.Delim(']'), json.Delim('}'):
				depth--
			}
		}
		if deeper(data, most) || most > 0 && !deeper(data, most-1) {
			t.Fatalf("%q is not seen to nest %d deep", data, most)
		}
	})
}
