//go:build !js

package view_test

import (
	"encoding/json"
	"testing"

	"github.com/forgego/forgego/bridge/view"
)

// Any JSON text is either read without loss or refused.
func FuzzContext(f *testing.F) {
	f.Add([]byte(fullContext))
	f.Add([]byte(`{"locale":"en","rest":{}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var c view.Context
		var members map[string]json.RawMessage
		failed := json.Unmarshal(data, &c) != nil
		if readable := json.Unmarshal(data, &members) == nil; failed == readable {
			t.Fatalf("%q: an object %v, read %v", data, readable, !failed)
		}
		for name := range c.Rest {
			if _, ok := members[name]; !ok {
				t.Fatalf("%q: Rest has %q, which the JSON has not", data, name)
			}
		}
	})
}
