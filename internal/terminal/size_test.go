package terminal

import "testing"

func TestSize(t *testing.T) {
	for _, c := range []struct {
		bytes int
		want  string
	}{{0, "0.0 kB"}, {16_992, "17.0 kB"}, {2_586_958, "2.6 MB"}} {
		if got := Size(c.bytes); got != c.want {
			t.Errorf("Size(%d) = %s, want %s", c.bytes, got, c.want)
		}
	}
}
