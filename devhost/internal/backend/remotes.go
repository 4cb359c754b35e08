package backend

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/weburl"
)

// ErrUnknownRemote means that manifest.yml has no remote with this key.
var ErrUnknownRemote = errors.New("unknown remote")

// Remotes knows the base URLs of the app's remotes. It is safe for concurrent use.
type Remotes struct {
	manifest *manifest.Manifest
	local    addresses
	approved func(site int, key string) string
}

// NewRemotes returns the remotes of the manifest. local maps keys to base URLs on this machine. approved returns the
// address that a site's administrator has approved for a remote, or "" if there is none.
func NewRemotes(m *manifest.Manifest, local map[string]string, approved func(site int, key string) string) (*Remotes, error) {
	r := &Remotes{manifest: m, approved: approved}
	for _, key := range slices.Sorted(maps.Keys(local)) {
		if err := r.Set(key, local[key]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Set sets the local base URL of a remote.
func (r *Remotes) Set(key, base string) error {
	if _, ok := r.manifest.Remote(key); !ok {
		return r.unknown(key)
	}
	return r.local.set("remote", key, base)
}

// BaseURL returns the base URL of a remote for a site: the local one, else the approved one, else the one in manifest.yml.
func (r *Remotes) BaseURL(site int, key string) (string, error) {
	remote, ok := r.manifest.Remote(key)
	if !ok {
		return "", r.unknown(key)
	}
	if base, ok := r.local.get(key); ok {
		return base, nil
	}
	return cmp.Or(r.approved(site, key), remote.BaseURL), nil
}

// Where says where a site's requests to a remote go if forgego.yml does not say it, and what to do about it. Otherwise it
// returns "".
func (r *Remotes) Where(site int, key string) string {
	remote, ok := r.manifest.Remote(key)
	if _, local := r.local.get(key); !ok || local {
		return ""
	}
	at := "its baseUrl in manifest.yml, " + remote.BaseURL
	if approved := r.approved(site, key); approved != "" {
		at = "the address that the panel Permissions approves, " + approved
	}
	return fmt.Sprintf("forgego.yml does not name the remote %s, so the request went to %s. To run it on this machine, add it under remotes in forgego.yml.", key, at)
}

func (r *Remotes) unknown(key string) error {
	var keys []string
	for _, remote := range r.manifest.Remotes {
		keys = append(keys, remote.Key)
	}
	if len(keys) == 0 {
		return fmt.Errorf("%w %q: manifest.yml has no remotes", ErrUnknownRemote, key)
	}
	return fmt.Errorf("%w %q: manifest.yml has %s", ErrUnknownRemote, key, strings.Join(keys, ", "))
}

// Local returns the local base URLs by key.
func (r *Remotes) Local() map[string]string { return r.local.copy() }

// Origins returns the origins of all remotes' base URLs for a site, without duplicates.
func (r *Remotes) Origins(site int) []string {
	var all []string
	for _, remote := range r.manifest.Remotes {
		base, err := r.BaseURL(site, remote.Key)
		if origin := weburl.OriginOf(base); err == nil && origin != "" && !slices.Contains(all, origin) {
			all = append(all, origin)
		}
	}
	return all
}
