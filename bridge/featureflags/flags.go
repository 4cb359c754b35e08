// Package featureflags tells which of the app's feature flags are on for a user. Flags are made in the developer console:
// feature-flags/overview.
package featureflags

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Environment is one of the app's environments.
type Environment string

// The environments. The context's environmentType, in lower case, is one of them.
const (
	Development Environment = "development"
	Staging     Environment = "staging"
	Production  Environment = "production"
)

// User is whom flags are evaluated for. Give at least one identifier, so that a percentage of users is always the same.
type User struct {
	// Attributes are what the flags' rules look at, such as "installContext", "appVersion", "license" and
	// "capabilitySet", and the app's own. Values are texts and numbers.
	Attributes map[string]any `json:"attributes,omitempty"`
	// Identifiers tell users and installations apart.
	Identifiers Identifiers `json:"identifiers,omitzero"`
}

// Identifiers tell users and installations apart; what is empty is not sent.
type Identifiers struct {
	// InstallContext is the ARI of the site, and AccountID the user's account.
	InstallContext string `json:"installContext,omitempty"`
	AccountID      string `json:"accountId,omitempty"`
}

// Flags are the feature flags of one user, as they were when they were asked for.
type Flags struct {
	mu sync.Mutex
	// byHash is nil when there are no flags, or none any more.
	byHash map[string]*flag
	down   bool
}

// flag is what the platform says of one flag.
type flag struct {
	Value    any `json:"value"`
	Disabled any `json:"disabled"`
}

// Initialize asks for the flags of user in an environment; empty is [Development]. Do so once, when the app starts.
//
// At most 500 calls in 25 seconds are sent; further ones give [bridge.ErrRateLimited]. Other errors:
// [bridge.ErrInvalidRequest], [bridge.ErrNoBridge], [bridge.ErrRejected], [bridge.ErrInvalidResponse], and what ends ctx.
//
// It is initialize of @forge/bridge's FeatureFlags: feature-flags/feature-flags-client-sdk.
func Initialize(ctx context.Context, user User, environment Environment) (*Flags, error) {
	const op = "featureFlags.initialize"
	switch environment {
	case "":
		environment = Development
	case Development, Staging, Production:
	default:
		return nil, payload.InvalidRequest(op, "the environment must be development, staging or production, in lower case")
	}
	for _, value := range user.Attributes {
		if !isAttribute(value) {
			return nil, payload.InvalidRequest(op, "an attribute of the user is neither a text nor a number")
		}
	}
	data, err := payload.JSON(op, map[string]any{"user": user, "config": map[string]Environment{"environment": environment}})
	if err != nil {
		return nil, err
	}
	client := bridge.FromContext(ctx)
	if err := client.Limit(op, limitKey{}); err != nil {
		return nil, err
	}
	answer, err := client.Call(ctx, op, bridge.Call{Command: "initFeatureFlags", Payload: data})
	if err != nil {
		return nil, err
	}
	var results struct {
		Flags map[string]*flag `json:"feature_flags"`
	}
	if answer.Payload != nil { // without an answer each flag has its default
		if err := payload.Read(op, answer.Payload, &results); err != nil {
			return nil, err
		}
	}
	return &Flags{byHash: results.Flags}, nil
}

type limitKey struct{}

// isAttribute reports whether a value is a text or a number.
func isAttribute(value any) bool {
	switch value.(type) {
	case string, float64, float32, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return true
	}
	return false
}

// CheckFlag says whether the flag with this name is on, and gives otherwise if that is not known: the flag does not
// exist, or there were no flags.
//
// It is checkFlag of @forge/bridge's FeatureFlags. After [Flags.Shutdown] it gives otherwise, too, where that one throws.
func (f *Flags) CheckFlag(name string, otherwise bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	found := f.byHash[hash(name)]
	switch {
	case found == nil:
		return otherwise
	case truthy(found.Disabled):
		return false
	}
	return truthy(found.Value)
}

// Shutdown lets go of the flags. To ask for those of a user with other attributes, call [Initialize] again.
//
// It is shutdown of @forge/bridge's FeatureFlags.
func (f *Flags) Shutdown() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byHash, f.down = nil, true
}

// IsInitialized says whether there was no [Flags.Shutdown] yet.
//
// It is isInitialized of @forge/bridge's FeatureFlags.
func (f *Flags) IsInitialized() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.down
}
