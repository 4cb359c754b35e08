//go:build !tinygo

package bridge

import "encoding/json"

// maxDepth is that of encoding/json.
const maxDepth = 10000

// unmarshal reads JSON into v.
func unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }
