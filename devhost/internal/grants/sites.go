package grants

import (
	"sync"

	"github.com/forgego/forgego/internal/manifest"
)

// Sites holds the grants of all sites. It is safe for concurrent use.
type Sites struct {
	// initial has the values in manifest.yml. It does not change.
	initial *Grants

	mu     sync.Mutex
	bySite map[int]*Grants
}

// NewSites returns the grants of a manifest for any number of sites.
func NewSites(m *manifest.Manifest) (*Sites, error) {
	initial, err := New(m)
	if err != nil {
		return nil, err
	}
	return &Sites{initial: initial, bySite: map[int]*Grants{}}, nil
}

// Site returns the grants of the site with this number.
func (s *Sites) Site(number int) *Grants {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.bySite[number]
	if g == nil {
		g = s.initial.copy()
		s.bySite[number] = g
	}
	return g
}

// Adopt takes over the decisions of all sites, as Grants.Adopt does.
func (s *Sites) Adopt(old *Sites) {
	old.mu.Lock()
	defer old.mu.Unlock()
	for number, g := range old.bySite {
		s.Site(number).Adopt(g)
	}
}

// RemoteAddress returns the address that was approved on a site for a remote. If there is none, it returns "".
func (s *Sites) RemoteAddress(site int, key string) string { return s.Site(site).RemoteAddress(key) }
