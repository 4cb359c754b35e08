//go:build !tinygo

package bridge

import "encoding/json"

// unmarshal reads JSON into v.
func unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }
