// Package backend knows where the app's remotes and container services run.
package backend

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/weburl"
)

// ErrInvalidURL means that a base URL is not an absolute http or https URL.
var ErrInvalidURL = errors.New("not an absolute http or https URL")

// addresses maps keys to local base URLs. It is safe for concurrent use.
type addresses struct {
	mu    sync.Mutex
	byKey map[string]string
}

// set stores an absolute http or https URL, or removes the URL if it is empty. The kind, such as "remote", is part of the
// error's text.
func (a *addresses) set(kind, key, base string) error {
	if base == "" {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.byKey, key)
		return nil
	}
	u, err := weburl.ParseBase(base)
	if err != nil {
		return fmt.Errorf("%s %q: %q is %w: it %w", kind, key, base, ErrInvalidURL, err)
	}
	if u.Path == "/" {
		// A local address may end in a slash although the one in manifest.yml does not. A path is appended as it is.
		base = strings.TrimSuffix(base, "/")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byKey == nil {
		a.byKey = map[string]string{}
	}
	a.byKey[key] = base
	return nil
}

func (a *addresses) get(key string) (base string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	base, ok = a.byKey[key]
	return base, ok
}

func (a *addresses) copy() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.byKey)
}
