// Package installation describes the installation of the app that the local host imitates: its ids, its products and
// modules, and the context in which a module runs.
package installation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// Installation is an app that is installed on the local host.
type Installation struct {
	IDs
	// SiteURL is the origin of the product's page.
	SiteURL  string
	manifest *manifest.Manifest
}

// New returns the installation of an app on the site at siteURL.
func New(m *manifest.Manifest, siteURL string) *Installation {
	return &Installation{IDs: NewIDs(m.AppID), SiteURL: siteURL, manifest: m}
}

// ErrUnknownModule means that manifest.yml has no UI module with this key.
var ErrUnknownModule = errors.New("unknown module")

// Module returns the module with this key.
func (i *Installation) Module(key string) (manifest.Module, error) {
	if m, ok := i.manifest.Module(key); ok {
		return m, nil
	}
	var keys []string
	for _, m := range i.manifest.Modules {
		keys = append(keys, m.Key)
	}
	if len(keys) == 0 {
		return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has no UI modules", ErrUnknownModule, key)
	}
	return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has %s", ErrUnknownModule, key, strings.Join(keys, ", "))
}

// Products returns the products of the app's modules without duplicates, in the modules' order.
func (i *Installation) Products() []Product { return products(i.manifest.Modules) }
