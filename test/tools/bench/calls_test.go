package main

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/test/tools/bench/spec"
)

// TestCallsMarkdown checks that the table shows the measured number of pairs, not the usual number.
func TestCallsMarkdown(t *testing.T) {
	calls := example().Calls
	huge := callCost(cell{Op: spec.RequestRemote, Size: 500_000, AtOnce: 500, Read: spec.Bytes}, 0.2)
	huge.Pairs = 5
	for want, c := range map[string]*Calls{
		"15 pairs.\n\n| call | ":                                   calls,
		"15 pairs, and 5 of 500 KB with 500 at once.\n\n| call | ": {Cells: append(calls.Cells, huge)},
	} {
		if got := c.Markdown(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q…, want %q", got[:60], want)
		}
	}
}
