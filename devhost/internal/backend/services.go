package backend

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/manifest"
)

// ErrUnknownService means that manifest.yml has no container service with this key.
var ErrUnknownService = errors.New("unknown service")

// Services knows the base URLs of the app's container services. It is safe for concurrent use.
type Services struct {
	manifest *manifest.Manifest
	local    addresses
}

// NewServices returns the container services of the manifest. local maps keys to base URLs on this machine.
func NewServices(m *manifest.Manifest, local map[string]string) (*Services, error) {
	s := &Services{manifest: m}
	for _, key := range slices.Sorted(maps.Keys(local)) {
		if err := s.Set(key, local[key]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Set sets the local base URL of a service.
func (s *Services) Set(key, base string) error {
	if _, ok := s.manifest.Service(key); !ok {
		return fmt.Errorf("%w %q", ErrUnknownService, key)
	}
	return s.local.set("service", key, base)
}

// Local returns the local base URLs by key.
func (s *Services) Local() map[string]string { return s.local.copy() }

// BaseURL returns the local base URL of a service. The error is for the app.
func (s *Services) BaseURL(key string) (string, error) {
	if base, ok := s.local.get(key); ok {
		return base, nil
	}
	return "", &apierror.Error{Code: "SERVICE_UNAVAILABLE", Message: fmt.Sprintf(`The local host runs no containers, so invokeService cannot reach the service %[1]q. Write into forgego.yml where it runs on this machine, and start forgego again:

services:
  %[1]s:
    url: http://127.0.0.1:8080

Instead of the url, or in addition to it, a command may start it.`, key)}
}
