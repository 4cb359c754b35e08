//go:build !js

package permissions

import (
	"encoding/json"
	"os"
	"testing"
)

// official is the decision of @forge/egress; testdata/egress.mjs writes it.
type official struct {
	URLs  []string
	Lists []struct {
		Allowed []string
		// One digit per URL.
		Backend, Client string
		Throws          bool
	}
}

func readOfficial(t testing.TB) official {
	t.Helper()
	text, err := os.ReadFile("testdata/egress.json")
	if err != nil {
		t.Fatal(err)
	}
	var o official
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestFilterMatchesOfficialClient(t *testing.T) {
	o := readOfficial(t)
	decisions := 0
	for _, list := range o.Lists {
		if list.Throws {
			continue
		}
		f := newFilter(list.Allowed)
		for i, url := range o.URLs {
			for byPath, digits := range map[bool]string{false: list.Backend, true: list.Client} {
				decisions++
				if got, want := f.allows(url, byPath), digits[i] == '1'; got != want {
					t.Errorf("%q allows %q (by path: %v): %v, want %v", list.Allowed, url, byPath, got, want)
				}
			}
		}
	}
	if decisions < 5000 {
		t.Errorf("%d decisions only", decisions)
	}
}

func TestFilterWithInvalidAddress(t *testing.T) {
	for _, allowed := range []string{"https://%", "https://%4", "https://%4g", "https://%ff.example", "https://%ed%a0%80"} {
		f := newFilter([]string{allowed, "https://a.example"})
		if f.allows("https://*", true) || !f.allows("https://a.example", true) {
			t.Errorf("%q changes what the other address allows", allowed)
		}
	}
}

func FuzzFilter(f *testing.F) {
	o := readOfficial(f)
	for i, list := range o.Lists {
		for _, allowed := range list.Allowed {
			f.Add(allowed, o.URLs[i%len(o.URLs)])
		}
	}
	f.Fuzz(func(t *testing.T, allowed, url string) {
		if len(allowed)+len(url) > 1<<10 {
			return
		}
		filter := newFilter([]string{allowed})
		if filter.allows(url, true) && !protocolFits(parseLocation(allowed).protocol, parseLocation(url).protocol) && allowed != "*" {
			t.Errorf("%q allows %q, which has another protocol", allowed, url)
		}
		if l := parseLocation(allowed); allowed != "*" && l.path == "/" && l.host != "" && allowed[0] != '*' && !filter.allows(allowed, true) {
			t.Errorf("%q does not allow itself", allowed)
		}
	})
}
