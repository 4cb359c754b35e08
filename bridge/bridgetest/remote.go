package bridgetest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/weburl"
)

// remoteTarget is one of the app's remotes, or its container service.
type remoteTarget struct {
	key, base string
	url       weburl.URL
	handler   http.Handler
}

// Remote adds the remote with this key, as it stands in manifest.yml, or puts another handler in its place. The handler
// gets requests as a server does, with a Forge Invocation Token as authorization; what it flushes is sent at once. A
// handler that panics breaks off its answer and fails the test, unless it panics with [http.ErrAbortHandler]. One that
// ends its goroutine, as Fatal of a test does, breaks off its answer too.
func (h *Host) Remote(key string, handler http.Handler, options ...RemoteOption) {
	if h.t != nil {
		h.t.Helper()
	}
	target := &remoteTarget{key: key, handler: handler}
	for _, option := range options {
		option(target)
	}
	if handler == nil {
		h.misuse("the remote %q has no handler", key)
	}
	h.mu.Lock()
	if target.base == "" {
		target.base = h.freeBase(key)
	}
	u, err := weburl.ParseBase(target.base)
	if err == nil {
		target.url = u
		if h.remotes[key] == nil {
			h.keys = append(h.keys, key)
		}
		h.remotes[key] = target
		delete(h.tokens, key)
	}
	h.mu.Unlock()
	if err != nil {
		h.misuse("the remote %q: its base URL %q %v", key, target.base, err)
	}
}

// Service sets the app's container service, which bridge.InvokeService calls, with its key as it stands in manifest.yml;
// Forge has one for each app (containers-reference/managing-service). Requests have no Forge Invocation Token: on the
// platform, a proxy beside the container authenticates them. What [Host.Fail] and [Host.Count] do with a remote's key they
// do with the service's.
func (h *Host) Service(key string, handler http.Handler) {
	if h.t != nil {
		h.t.Helper()
	}
	if handler == nil {
		h.misuse("the service %q has no handler", key)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.service = &remoteTarget{key: key, base: "http://localhost:8080", handler: handler}
}

// freeBase is a base URL that no other remote has.
func (h *Host) freeBase(key string) string {
	label := strings.Trim(strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(key)), "-")
	if label == "" {
		label = "remote"
	}
	base := "https://" + label + ".example.com"
	for n := 2; h.hasBase(key, base); n++ {
		base = "https://" + label + "-" + strconv.Itoa(n) + ".example.com"
	}
	return base
}

func (h *Host) hasBase(key, base string) bool {
	for _, other := range h.remotes {
		if other.key != key && other.base == base {
			return true
		}
	}
	return false
}

// target is the remote with this key.
func (h *Host) target(key string) (*remoteTarget, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if target := h.remotes[key]; target != nil {
		return target, nil
	}
	known := "the host has none; add it by Host.Remote"
	if len(h.keys) > 0 {
		known = "the host has " + strings.Join(h.keys, ", ")
	}
	return nil, &bridge.HostError{Name: "Error", Code: "UNKNOWN_REMOTE", Message: fmt.Sprintf("unknown remote %q: %s", key, known)}
}

// at is the remote whose base URL this URL is below, the closest one.
func (h *Host) at(u weburl.URL) *remoteTarget {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found *remoteTarget
	for _, key := range h.keys {
		target := h.remotes[key]
		if u.IsBelow(target.url) && (found == nil || len(target.url.Path) > len(found.url.Path)) {
			found = target
		}
	}
	return found
}
