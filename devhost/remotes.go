package devhost

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/manifest"
)

// remotes knows where the app's remotes are reached.
type remotes struct {
	manifest *manifest.Manifest

	mu    sync.Mutex
	local map[string]string
}

func newRemotes(m *manifest.Manifest, local map[string]string) (*remotes, error) {
	r := &remotes{manifest: m, local: map[string]string{}}
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
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("remote %q: %q is %w", key, base, ErrInvalidRemoteURL)
	}
	if u.Path == "/" {
		// One may write a local address with a slash where manifest.yml has none; a path is appended as it is.
		base = strings.TrimSuffix(base, "/")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.local[key] = base
	return nil
}

// baseURL is where a remote is reached now.
func (r *remotes) baseURL(key string) (string, error) {
	remote, ok := r.manifest.Remote(key)
	if !ok {
		return "", r.unknown(key)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if base, ok := r.local[key]; ok {
		return base, nil
	}
	return remote.BaseURL, nil
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
func (r *remotes) locals() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.local)
}

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
