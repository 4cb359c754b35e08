package devhost

import (
	"fmt"
	"maps"
	"slices"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/manifest"
)

// services knows where the app's container services run on this machine.
type services struct {
	manifest *manifest.Manifest
	local    addresses
}

func newServices(m *manifest.Manifest, local map[string]string) (*services, error) {
	s := &services{manifest: m}
	for _, key := range slices.Sorted(maps.Keys(local)) {
		if err := s.set(key, local[key]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *services) set(key, base string) error {
	if _, ok := s.manifest.Service(key); !ok {
		return fmt.Errorf("%w %q", ErrUnknownService, key)
	}
	return s.local.set("service", key, base)
}

// baseURL is where a service runs; the error is for the app's promise.
func (s *services) baseURL(key string) (string, error) {
	if base, ok := s.local.get(key); ok {
		return base, nil
	}
	return "", &apierror.Error{Code: "SERVICE_UNAVAILABLE", Message: fmt.Sprintf(`The local host runs no containers, so invokeService cannot reach the service %[1]q. Write into forgego.yml where it runs on this machine, and start forgego again:

services:
  %[1]s:
    url: http://127.0.0.1:8080

Instead of the url, or beside it, a command may start it.`, key)}
}
