//go:build !js

package sqlite

import (
	"strings"
	"testing"
)

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"/data/tasks.db":     "file:///data/tasks.db?",
		"C:/data/tasks.db":   "file:///C:/data/tasks.db?",
		"/a b/50%?#tasks.db": "file:///a%20b/50%25%3F%23tasks.db?",
	} {
		if got := uri(path); !strings.HasPrefix(got, want) {
			t.Errorf("uri(%q) = %q; want it to begin with %q", path, got, want)
		}
	}
}
