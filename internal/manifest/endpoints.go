package manifest

import "regexp"

// serviceKey is the form of a container service's key that Forge accepts, because it becomes a part of a host name.
// Source: @forge/manifest 13.7.0.
var serviceKey = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)

// maxServiceKey is Forge's limit for the keys of services. Source:
// https://developer.atlassian.com/platform/forge/containers-reference/
const maxServiceKey = 19

func (s *source) readServices(m *Manifest) {
	var seen []string
	for _, n := range s.list("services") {
		key := s.readKey(n, "a service", maxServiceKey, seen)
		if key == "" {
			continue
		}
		if keyPattern.MatchString(key) && !serviceKey.MatchString(key) {
			s.fault(n.get("key"), "Use small letters, digits and -, a letter first and no - at the end.", "the service has a key %q that Forge refuses", key)
		}
		seen = append(seen, key)
		m.Services = append(m.Services, Service{key})
	}
}

func (s *source) readEndpoints(m *Manifest) {
	var seen []string
	for _, n := range s.list("modules", "endpoint") {
		key := s.readKey(n, "an endpoint", maxKey, seen)
		if key == "" {
			continue
		}
		seen = append(seen, key)
		m.places["endpoint "+key] = n
		m.Endpoints = append(m.Endpoints, s.readEndpoint(m, n, key))
	}
}

func (s *source) readEndpoint(m *Manifest, n node, key string) Endpoint {
	remote, service := n.get("remote"), n.get("service")
	e := Endpoint{Key: key, Remote: remote.text(), Service: service.text()}
	switch {
	case remote.kind() != missing && service.kind() != missing:
		s.fault(service, "Keep one of the two.", "endpoint %q has both a remote and a service", key)
	case service.kind() != missing:
		if _, ok := m.Service(e.Service); !ok {
			s.fault(service, "Use the key of an entry under services: "+keys(m.Services, func(v Service) string { return v.Key })+".",
				"endpoint %q names a service %s that does not exist", key, service.quoted())
		}
		return e
	case remote.kind() == missing:
		s.fault(n, `Add "remote: …" with the key of an entry under remotes, or "service: …" with one under services.`, "endpoint %q has neither a remote nor a service", key)
	default:
		if _, ok := m.Remote(e.Remote); !ok {
			s.fault(remote, "Use the key of an entry under remotes: "+keys(m.Remotes, func(r Remote) string { return r.Key })+".",
				"endpoint %q names a remote %s that does not exist", key, remote.quoted())
		}
	}
	e.SystemToken = n.get("auth", "appSystemToken", "enabled").yes()
	e.UserToken = n.get("auth", "appUserToken", "enabled").yes()
	return e
}
