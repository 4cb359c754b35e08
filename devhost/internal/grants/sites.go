// Package grants holds what each site of the local host has granted the app.
package grants

import (
	"slices"
	"sync"

	"github.com/forgego/forgego/internal/grants"
	"github.com/forgego/forgego/internal/manifest"
)

// Sites holds the grants of all sites. It is safe for concurrent use.
type Sites struct {
	// initial has the values in manifest.yml. It does not change.
	initial *grants.Grants

	mu     sync.Mutex
	bySite map[int]*grants.Grants
}

// NewSites returns the grants of a manifest for any number of sites.
func NewSites(m *manifest.Manifest) (*Sites, error) {
	// Package manifest leaves out parts of the file.
	file, err := manifest.Value(m.Dir)
	if err != nil {
		return nil, err
	}
	return &Sites{initial: grants.New(m.Scopes, file), bySite: map[int]*grants.Grants{}}, nil
}

// Site returns the grants of the site with this number.
func (s *Sites) Site(number int) *grants.Grants {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.bySite[number]
	if g == nil {
		g = s.initial.Copy()
		s.bySite[number] = g
	}
	return g
}

// Adopt takes over the decisions of all sites, as grants.Grants.Adopt does.
func (s *Sites) Adopt(old *Sites) {
	old.mu.Lock()
	defer old.mu.Unlock()
	for number, g := range old.bySite {
		s.Site(number).Adopt(g)
	}
}

// RemoteAddress returns the address that was approved on a site for a remote. If there is none, it returns "".
func (s *Sites) RemoteAddress(site int, key string) string { return s.Site(site).RemoteAddress(key) }

// Apply returns a copy of the manifest with the grants of a site applied, for the policy of the app's pages there.
func (s *Sites) Apply(site int, m *manifest.Manifest) *manifest.Manifest {
	changed := *m
	e := &changed.External
	revoked := s.Site(site).Apply(map[string]*[]string{
		"fetch.client": &e.Client, "fonts": &e.Fonts, "frames": &e.Frames, "images": &e.Images, "media": &e.Media,
		"scripts": &e.Scripts, "styles": &e.Styles,
	})
	e.ClientRemotes = slices.DeleteFunc(slices.Clone(e.ClientRemotes), func(key string) bool { return slices.Contains(revoked, key) })
	return &changed
}
