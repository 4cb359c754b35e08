package grants

import (
	"encoding/json"
	"testing"
)

// TestSitesAreSeparate checks that a decision on one site changes nothing on another, whichever is read first.
func TestSitesAreSeparate(t *testing.T) {
	_, m := newTestGrants(t, grantsManifest)
	sites, err := NewSites(m)
	if err != nil {
		t.Fatal(err)
	}
	read := sites.Site(1)
	before := asJSON(t, read.State(true))
	for _, input := range []string{
		`{"scope":{"name":"write:a","granted":false}}`,
		`{"external":{"list":"images","address":"https://i.example","granted":false}}`,
		`{"external":{"list":"fonts","address":"*.fonts.example","granted":true}}`,
		`{"rovo":false,"consent":{"published":false}}`,
		`{"command":"egressSet","payload":{"egresses":[` + catsGroup + `]},"approved":true}`,
		`{"command":"remoteSet","payload":{"remotes":[{"key":"own","configured":{"endpoint":"https://x.example"}}]},"approved":true}`,
	} {
		var in Input
		if err := json.Unmarshal([]byte(input), &in); err != nil {
			t.Fatal(err)
		}
		changed := asJSON(t, sites.Site(2).State(true))
		if _, err := sites.Site(2).Answer(true, in); err != nil {
			t.Fatalf("%s: %v", input, err)
		}
		if asJSON(t, sites.Site(2).State(true)) == changed {
			t.Errorf("%s changes nothing", input)
		}
	}
	for number, g := range map[int]*Grants{1: read, 3: sites.Site(3)} {
		if after := asJSON(t, g.State(true)); after != before {
			t.Errorf("the state of site %d is\n%s, want\n%s", number, after, before)
		}
	}
	if got := sites.RemoteAddress(2, "own") + sites.RemoteAddress(1, "own"); got != "https://x.example" {
		t.Errorf("the remote is at %q, want an address on the second site only", got)
	}
}
