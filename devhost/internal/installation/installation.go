// Package installation describes the app that the local host shows: its modules and products, the sites on which it is
// installed, the accounts that use it, and the context in which a module runs.
package installation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// App is an app that is installed on the sites of the local host.
type App struct {
	// SiteURL is the origin of the product's page. It is the same for all sites.
	SiteURL string
	// Changes are those of the modules' contexts.
	Changes  *Changes
	manifest *manifest.Manifest
}

// New returns an app whose product page has the origin siteURL. The changes may be those of an earlier manifest.
func New(m *manifest.Manifest, siteURL string, changes *Changes) *App {
	return &App{SiteURL: siteURL, Changes: changes, manifest: m}
}

// ErrUnknownModule means that manifest.yml has no UI module with this key.
var ErrUnknownModule = errors.New("unknown module")

// Module returns the module with this key.
func (a *App) Module(key string) (manifest.Module, error) {
	if m, ok := a.manifest.Module(key); ok {
		return m, nil
	}
	var keys []string
	for _, m := range a.manifest.Modules {
		keys = append(keys, m.Key)
	}
	if len(keys) == 0 {
		return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has no UI modules", ErrUnknownModule, key)
	}
	return manifest.Module{}, fmt.Errorf("%w %q: manifest.yml has %s", ErrUnknownModule, key, strings.Join(keys, ", "))
}

// Products returns the products of the app's modules without duplicates, in the modules' order.
func (a *App) Products() []Product { return products(a.manifest.Modules) }
