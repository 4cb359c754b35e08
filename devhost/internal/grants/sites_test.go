package grants

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/forgego/forgego/internal/grants"
	"github.com/forgego/forgego/internal/manifest"
)

const testManifest = `
permissions:
  external:
    configurable: {enabled: true}
    fetch:
      client: [{remote: own}]
    images: ["https://i.example"]
remotes:
  - key: own
    configurable: {name: Own, description: Own}
`

// newTestSites returns the sites of an app, and its manifest.
func newTestSites(t *testing.T) (*Sites, *manifest.Manifest) {
	t.Helper()
	m := &manifest.Manifest{Dir: t.TempDir(), Scopes: []string{"read:a", "write:a"}, External: manifest.External{
		ClientRemotes: []string{"own"}, Images: []string{"https://i.example"},
	}}
	if err := os.WriteFile(filepath.Join(m.Dir, "manifest.yml"), []byte(testManifest), 0o600); err != nil {
		t.Fatal(err)
	}
	sites, err := NewSites(m)
	if err != nil {
		t.Fatal(err)
	}
	return sites, m
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSitesAreSeparate checks that a decision on one site changes nothing on another, whichever is read first.
func TestSitesAreSeparate(t *testing.T) {
	sites, _ := newTestSites(t)
	read := sites.Site(1)
	before := asJSON(t, read.State(true))
	for _, input := range []string{
		`{"scope":{"name":"write:a","granted":false}}`,
		`{"external":{"list":"images","address":"https://i.example","granted":false}}`,
		`{"external":{"list":"fonts","address":"*.fonts.example","granted":true}}`,
		`{"rovo":false,"consent":{"published":false}}`,
		`{"command":"egressSet","payload":{"egresses":[{"key":"cats","description":"Cats","configured":[{"domain":"https://cats.example","type":["IMAGES"]}]}]},"approved":true}`,
		`{"command":"remoteSet","payload":{"remotes":[{"key":"own","configured":{"endpoint":"https://x.example"}}]},"approved":true}`,
	} {
		var in grants.Input
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
	for number, g := range map[int]*grants.Grants{1: read, 3: sites.Site(3)} {
		if after := asJSON(t, g.State(true)); after != before {
			t.Errorf("the state of site %d is\n%s, want\n%s", number, after, before)
		}
	}
	if got := sites.RemoteAddress(2, "own") + sites.RemoteAddress(1, "own"); got != "https://x.example" {
		t.Errorf("the remote is at %q, want an address on the second site only", got)
	}
}

// TestPolicyOfASite checks that the policy of a site's pages has what that site grants.
func TestPolicyOfASite(t *testing.T) {
	sites, m := newTestSites(t)
	for _, address := range []grants.External{{List: "images", Address: "https://i.example"}, {List: "fetch.client", Address: "remote: own"}} {
		if _, err := sites.Site(2).Answer(true, grants.Input{External: &address}); err != nil {
			t.Fatal(err)
		}
	}
	if own, other := sites.Apply(2, m).External, sites.Apply(1, m).External; len(own.Images)+len(own.ClientRemotes) != 0 ||
		!slices.Equal(other.Images, m.External.Images) || !slices.Equal(other.ClientRemotes, m.External.ClientRemotes) {
		t.Errorf("the policy has %+v, and on another site %+v", own, other)
	}
}

func TestNewSitesFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "manifest.yml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := NewSites(&manifest.Manifest{Dir: dir}); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder named manifest.yml: got %v", err)
	}
}
