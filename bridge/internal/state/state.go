// Package state holds what the packages of bridge keep for a client, beyond what an app may use. A context carries it.
package state

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge/internal/limit"
)

// State belongs to one client. Types of package bridge are any here, because bridge imports this package.
type State struct {
	// Host is the client's [bridge.Host].
	Host any
	// Fetcher is the client's [bridge.Fetcher], or nil if the page's own fetch sends its requests.
	Fetcher any
	// Functions is the limit for calls of the app's functions.
	Functions limit.Limiter

	mu     sync.Mutex
	values map[any]any
}

// Default is the state of the page's own client. Package bridge sets it.
var Default *State

type key struct{}

// carried is what a context carries. The client is not a field of State: a client in a variable of type any makes the
// linker keep methods of what its own methods return, 16 KB of every program.
type carried struct {
	client any
	state  *State
}

// NewContext returns a copy of ctx that carries a [*bridge.Client] and its state.
func NewContext(ctx context.Context, client any, s *State) context.Context {
	return context.WithValue(ctx, key{}, &carried{client, s})
}

// Client returns the client in ctx, or nil if there is none.
func Client(ctx context.Context) any {
	if c, ok := ctx.Value(key{}).(*carried); ok {
		return c.client
	}
	return nil
}

// FromContext returns the state of the client in ctx, or Default if there is none.
func FromContext(ctx context.Context) *State {
	if c, ok := ctx.Value(key{}).(*carried); ok {
		return c.state
	}
	return Default
}

// Keep returns the client's value of type *T. The first call for a type stores a zero T. Use it for what belongs to a
// client and not to one call, such as a limit or a cache.
func Keep[T any](ctx context.Context) *T {
	s := FromContext(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	key := (*T)(nil) // one key for each T
	value, ok := s.values[key].(*T)
	if !ok {
		if s.values == nil {
			s.values = map[any]any{}
		}
		value = new(T)
		s.values[key] = value
	}
	return value
}
