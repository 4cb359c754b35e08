package fetchspec

import "testing"

func TestMethod(t *testing.T) {
	for method, want := range map[string]struct {
		normal    string
		forbidden bool
	}{
		"get":     {"GET", false},
		"Options": {"OPTIONS", false},
		"delete":  {"DELETE", false},
		"patch":   {"patch", false},
		"PATCH":   {"PATCH", false},
		"head":    {"HEAD", false},
		"post":    {"POST", false},
		"put":     {"PUT", false},
		"trace":   {"trace", true},
		"Connect": {"Connect", true},
		"TRACK":   {"TRACK", true},
		"":        {"", false},
	} {
		if got := NormalizeMethod(method); got != want.normal {
			t.Errorf("NormalizeMethod(%q) = %q, want %q", method, got, want.normal)
		}
		if got := IsForbiddenMethod(method); got != want.forbidden {
			t.Errorf("IsForbiddenMethod(%q) = %t, want %t", method, got, want.forbidden)
		}
	}
}
