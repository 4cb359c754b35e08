//go:build !js

package objectstore

import (
	"encoding/json"
	"testing"
)

func TestReadMembersKeepsTheOrder(t *testing.T) {
	members, err := readMembers([]byte(`{"z":1,"a":[{}],"z":2}`))
	if err != nil || len(members) != 2 || members[0].name != "z" || string(members[0].value) != "2" || members[1].name != "a" {
		t.Errorf("got %v, %v", members, err)
	}
}

// FuzzReadMembers compares with encoding/json, which returns the same members without their order.
func FuzzReadMembers(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":{"c":[]}}`, `{"a":1,"a":2}`, `[]`, `null`, `{`, `{"a"`, `{"a":}`, `{"\u0061":1,"a":2}`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		members, err := readMembers(data)
		var want map[string]json.RawMessage
		if json.Unmarshal(data, &want) != nil || want == nil {
			return // text after the object is not read: a function's answer is one value
		}
		if err != nil || len(members) != len(want) {
			t.Fatalf("got %d members, %v, want %d", len(members), err, len(want))
		}
		for _, m := range members {
			if string(m.value) != string(want[m.name]) {
				t.Errorf("%q: got %s, want %s", m.name, m.value, want[m.name])
			}
		}
	})
}
