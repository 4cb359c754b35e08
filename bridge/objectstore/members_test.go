//go:build !js

package objectstore

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/forgego/forgego/internal/nesting"
)

func TestReadMembersKeepsTheOrder(t *testing.T) {
	members, err := readMembers([]byte(` {"z" : 1, "a":[{"y":2,"x":","},"w"], "\u0062\\":{"v":{}}, "c":"\",", "z":2, "":null}`))
	var got []string
	for _, m := range members {
		got = append(got, m.name+" "+string(m.value))
	}
	if want := []string{"z 2", `a [{"y":2,"x":","},"w"]`, `b\ {"v":{}}`, `c "\","`, " null"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
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
		if errors.Is(err, nesting.ErrTooDeep) {
			return
		}
		if json.Unmarshal(data, &want) != nil || want == nil {
			if err == nil {
				t.Fatalf("got %v of what is not an object", members)
			}
			return
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
