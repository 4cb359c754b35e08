package locale

import (
	"encoding/json"
	"testing"
)

func TestText(t *testing.T) {
	var file map[string]any
	err := json.Unmarshal([]byte(`{
		"a": {"b": "nested"}, "a.b": "",
		"c": {"d": "nested"}, "c.d": {},
		"e": "text",
		"list": ["first", {"name": "second"}, ["third"]]
	}`), &file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key, want string
		ok        bool
	}{
		{"a.b", "nested", true}, // with an empty text, the key is also read as a path
		{"c.d", "", false},      // with any other value, it is not
		{"e", "text", true},
		{"e.f", "", false},
		{"a", "", false},
		{"", "", false},
		{"list", "", false},
		{"list.0", "first", true},
		{"list.1.name", "second", true},
		{"list.2.0", "third", true},
		{"list.00", "", false},
		{"list.01", "", false},
		{"list.3", "", false},
		{"list.-1", "", false},
		{"list.", "", false},
		{"list.99999999999999999999", "", false},
		{"list.name", "", false},
	} {
		if got, ok := Text(file, c.key); got != c.want || ok != c.ok {
			t.Errorf("%q: got %q, %v", c.key, got, ok)
		}
	}
}
