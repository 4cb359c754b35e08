package devhost

import (
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/weburl"
)

// addresses are where parts of the app run on this machine: base URLs by key.
type addresses struct {
	mu  sync.Mutex
	all map[string]string
}

// set takes an absolute http or https URL. What it is for, such as "remote", is for the error.
func (a *addresses) set(of, key, base string) error {
	u, err := weburl.ParseBase(base)
	if err != nil {
		return fmt.Errorf("%s %q: %q is %w: it %w", of, key, base, ErrInvalidRemoteURL, err)
	}
	if u.Path == "/" {
		// One may write a local address with a slash where manifest.yml has none; a path is appended as it is.
		base = strings.TrimSuffix(base, "/")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[string]string{}
	}
	a.all[key] = base
	return nil
}

func (a *addresses) get(key string) (base string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	base, ok = a.all[key]
	return base, ok
}

func (a *addresses) copy() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.all)
}
