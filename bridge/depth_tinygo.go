//go:build tinygo

package bridge

import "encoding/json"

// maxJSONDepth is how deep encoding/json may go, which takes 2.3 KiB for an object. Under TinyGo a goroutine's stack does
// not grow, and what runs over its end overwrites other memory. "forgego build" makes it 128 KiB.
const maxJSONDepth = 32

// unmarshal reads JSON into v. encoding/json itself would take what is nested 10,000 deep.
func unmarshal(data []byte, v any) error {
	if depth(data) > maxJSONDepth {
		return errTooDeep
	}
	return json.Unmarshal(data, v)
}

// depth gives how deep values nest in JSON.
func depth(data []byte) int {
	depth, most := 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		case '"':
			if i = skipString(data, i); i == bad {
				return most
			}
			i--
		}
	}
	return most
}
