package grants

import (
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// AllowsBackend reports whether the app's functions may fetch from an address: whether the address has the scheme and the host of
// one that permissions.external.fetch.backend lists and the site has granted. A host may begin with "*.", and an entry without a
// scheme means https. An entry that names a remote allows the host of its baseUrl, which baseURL returns.
//
// The rule is that of @forge/egress 3.0.0: the port is a part of the host, and the path does not count.
func (g *Grants) AllowsBackend(address string, baseURL func(remote string) string) bool {
	u, err := weburl.Parse(address)
	if err != nil {
		return false
	}
	for _, allowed := range g.backend() {
		if key, isRemote := strings.CutPrefix(allowed, remoteMark); isRemote {
			allowed = baseURL(key)
		}
		if allowed == "*" || matchesEgress(allowed, u) {
			return true
		}
	}
	return false
}

func matchesEgress(allowed string, u weburl.URL) bool {
	scheme, rest, ok := strings.Cut(allowed, "://")
	if !ok {
		scheme, rest = "https", allowed
	}
	host, _, _ := strings.Cut(rest, "/")
	host = strings.ToLower(host)
	if scheme != u.Scheme || host == "" {
		return false
	}
	if domain, any := strings.CutPrefix(host, "*"); any {
		return strings.HasSuffix(u.Host, domain) && len(u.Host) > len(domain)
	}
	return host == u.Host
}

// backend returns the granted addresses of fetch.backend.
func (g *Grants) backend() (addresses []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	const list = "fetch.backend"
	for _, e := range g.external {
		if e.List == list && e.Granted {
			addresses = append(addresses, e.Address)
		}
	}
	for _, group := range g.groups {
		for _, d := range group.Configured {
			for _, t := range d.Type {
				if listOf[t] == list {
					addresses = append(addresses, d.Domain)
				}
			}
		}
	}
	return addresses
}
