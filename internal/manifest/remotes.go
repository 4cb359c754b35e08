package manifest

import (
	"net/url"
	"slices"
	"strings"
)

func (s *source) readRemotes(m *Manifest) {
	var seen []string
	for _, n := range s.list("remotes") {
		key := s.readKey(n, "a remote", maxKey, seen)
		if key == "" {
			continue
		}
		seen = append(seen, key)
		m.places["remote "+key] = n
		m.Remotes = append(m.Remotes, Remote{Key: key, BaseURL: s.readBaseURL(n, key)})
	}
}

var regions = []string{"EU", "US", "AU", "DE", "SG", "CA", "IN", "KR", "JP", "GB", "CH"}

// readBaseURL reads a URL, or the default of an object with one URL per region. See
// https://developer.atlassian.com/platform/forge/manifest-reference/remotes/
func (s *source) readBaseURL(remote node, key string) string {
	base := remote.get("baseUrl")
	switch base.kind() {
	case missing:
		if remote.get("configurable").kind() != mapping {
			s.fault(remote, `Add "baseUrl: https://…", the address of the backend.`, "remote %q has no baseUrl", key)
		}
		return ""
	case mapping:
		fallback := ""
		for _, e := range base.entries() {
			if e.key != "default" && !slices.Contains(regions, e.key) {
				s.fault(e.value, "Use default and any of "+strings.Join(regions, " ")+".", "baseUrl of remote %q has an unknown region %q", key, e.key)
				continue
			}
			if u := s.checkBaseURL(e.value, key); e.key == "default" {
				fallback = u
			}
		}
		if base.get("default").kind() == missing {
			s.fault(base, `Add "default: https://…", for customers outside the regions named.`, "baseUrl of remote %q has no default", key)
		}
		return fallback
	}
	return s.checkBaseURL(base, key)
}

// checkBaseURL returns the URL, or "" if it is refused, so that references to it are not reported as well.
func (s *source) checkBaseURL(n node, key string) string {
	// Browsers and Node ignore such characters around a URL. A text after | ends with a line end.
	text := strings.TrimFunc(n.text(), func(r rune) bool { return r <= ' ' })
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
		s.fault(n, `Write a whole URL, such as "https://tasks.example.com".`, "baseUrl of remote %q is not a URL", key)
		return ""
	}
	return text
}

const (
	systemTokenScope = "read:app-system-token"
	userTokenScope   = "read:app-user-token"
)

// checkTokenScopes checks the scopes for tokens. Forge only sends a remote tokens if the app requests their scopes
// and a scope that they can be used for. See
// https://developer.atlassian.com/platform/forge/manifest-reference/endpoint/
func (s *source) checkTokenScopes(m *Manifest) {
	useful := slices.ContainsFunc(m.Scopes, func(scope string) bool {
		return scope != systemTokenScope && scope != userTokenScope
	})
	for _, e := range m.Endpoints {
		for _, t := range []struct {
			on          bool
			name, scope string
		}{{e.SystemToken, "appSystemToken", systemTokenScope}, {e.UserToken, "appUserToken", userTokenScope}} {
			if t.on && !slices.Contains(m.Scopes, t.scope) {
				at := m.places["endpoint "+e.Key].get("auth", t.name)
				s.fault(at, "Add under permissions:\n  scopes:\n    - "+t.scope+"\nor disable the token.",
					"endpoint %q enables %s without the scope %s", e.Key, t.name, t.scope)
			}
		}
		if (e.SystemToken || e.UserToken) && !useful {
			s.fault(m.places["endpoint "+e.Key].get("auth"),
				"Add under permissions.scopes what the remote does with the token, such as read:jira-work.",
				"endpoint %q enables a token, but no scope lets the token do anything", e.Key)
		}
	}
}
