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
	// own is the remote as the test has added it, if an administrator has changed its base URL; otherwise it is nil.
	own     *remoteTarget
	handler http.Handler
	// configurable means that an administrator may change the base URL, to one that a pattern matches if there are any.
	configurable bool
	patterns     []string
}

// Remote adds the remote with this key, as in manifest.yml, or replaces its handler. The handler gets requests as
// from a server, with a Forge Invocation Token in Authorization; flushed data is sent at once. A handler that panics
// breaks off its response and fails the test, unless it panics with [http.ErrAbortHandler]. A handler that ends its
// goroutine, as a test's Fatal does, also breaks off its response.
func (h *Host) Remote(key string, handler http.Handler, options ...RemoteOption) {
	if h.t != nil {
		h.t.Helper()
	}
	target := &remoteTarget{key: key, handler: handler}
	for _, option := range options {
		if option != nil {
			option(target)
		}
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
		clear(h.tokens)
		if target.configurable {
			h.resetGrants()
		}
	}
	h.mu.Unlock()
	if err != nil {
		h.misuse("the remote %q: its base URL %q %v", key, target.base, err)
	}
}

// Service sets the app's container service, which bridge.InvokeService calls. key is its key in manifest.yml; an app
// has one service (https://developer.atlassian.com/platform/forge/containers-reference/managing-service/). Requests
// carry no Forge Invocation Token: on the platform, a proxy beside the container authenticates them. [Host.Fail] and
// [Host.Count] accept the service's key like a remote's.
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

// moveRemotes sends requests to where the administrator has approved that the remotes are.
func (h *Host) moveRemotes() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, target := range h.remotes {
		if target.own != nil {
			target = target.own
		}
		if address := h.grants.RemoteAddress(key); address != "" {
			moved := *target
			moved.own, moved.base = target, address
			moved.url, _ = weburl.ParseBase(address) // cannot fail: it was approved
			target = &moved
		}
		h.remotes[key] = target
	}
	clear(h.tokens)
}

// freeBase returns a base URL that no other remote has.
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

// target returns the remote with this key.
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

// at returns the remote with the longest base URL that this URL is below.
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
