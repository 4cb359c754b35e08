package devhost

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// remotes knows where the app's remotes are reached.
type remotes struct {
	manifest *manifest.Manifest
	local    addresses
	// managed is the address that the site's administrator has approved for a remote; empty if there is none.
	managed func(key string) string
}

func newRemotes(m *manifest.Manifest, local map[string]string, managed func(key string) string) (*remotes, error) {
	r := &remotes{manifest: m, managed: managed}
	for _, key := range slices.Sorted(maps.Keys(local)) {
		if err := r.set(key, local[key]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *remotes) set(key, base string) error {
	if _, ok := r.manifest.Remote(key); !ok {
		return r.unknown(key)
	}
	return r.local.set("remote", key, base)
}

// baseURL is where a remote is reached now: forgego.yml goes before what was approved, and that before manifest.yml.
func (r *remotes) baseURL(key string) (string, error) {
	remote, ok := r.manifest.Remote(key)
	if !ok {
		return "", r.unknown(key)
	}
	if base, ok := r.local.get(key); ok {
		return base, nil
	}
	return cmp.Or(r.managed(key), remote.BaseURL), nil
}

func (r *remotes) unknown(key string) error {
	var keys []string
	for _, remote := range r.manifest.Remotes {
		keys = append(keys, remote.Key)
	}
	if len(keys) == 0 {
		return fmt.Errorf("%w %q: manifest.yml has no remotes", ErrUnknownRemote, key)
	}
	return fmt.Errorf("%w %q: manifest.yml has %s", ErrUnknownRemote, key, strings.Join(keys, ", "))
}

// locals are the local base URLs by key.
func (r *remotes) locals() map[string]string { return r.local.copy() }

// origins are all remotes' origins as they are reached now, each once.
func (r *remotes) origins() []string {
	var all []string
	for _, remote := range r.manifest.Remotes {
		base, err := r.baseURL(remote.Key)
		if origin := originOf(base); err == nil && origin != "" && !slices.Contains(all, origin) {
			all = append(all, origin)
		}
	}
	return all
}

// originOf is a URL's origin, or empty for what is not an absolute URL.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
