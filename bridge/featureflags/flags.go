// Package featureflags reports which of the app's feature flags are on for a user. Flags are created in the developer
// console.
//
// Source: https://developer.atlassian.com/platform/forge/feature-flags/overview/
package featureflags

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/limit"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/bridge/internal/state"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/internal/ascii"
	"github.com/forgego/forgego/internal/flaghash"
)

// User is the user for whom flags are evaluated. Set at least one identifier, so that a percentage rollout always
// selects the same users.
type User struct {
	// Attributes are the values that the flags' rules check, such as "installContext", "appVersion", "license" and
	// "capabilitySet", and the app's own. Values are strings or numbers.
	Attributes map[string]any `json:"attributes,omitempty"`
	// Identifiers identify the user and the installation.
	Identifiers Identifiers `json:"identifiers,omitzero"`
}

// Identifiers identify a user and an installation. Empty fields are not sent.
type Identifiers struct {
	// InstallContext is the ARI of the site, and AccountID is the user's account.
	InstallContext string `json:"installContext,omitempty"`
	AccountID      string `json:"accountId,omitempty"`
}

// Flags are the feature flags of one user at the time of [New]. They are safe for concurrent use.
type Flags struct {
	mu sync.Mutex
	// byHash is nil if there are no flags, or after Close.
	byHash map[string]*flag
	down   bool
}

// flag is the platform's answer for one flag.
type flag struct {
	Value    any `json:"value"`
	Disabled any `json:"disabled"`
}

// New fetches the flags of user in an environment, such as the Environment of [view.GetContext]; the default is
// [view.Development]. Call it once, when the app starts.
//
// At most 500 calls in 25 seconds are sent; further calls return [bridge.ErrRateLimited]. Other errors:
// [bridge.ErrInvalidRequest], [bridge.ErrNoBridge], [bridge.ErrRejected], [bridge.ErrInvalidResponse], and the reason
// why ctx ended.
//
// It is initialize of @forge/bridge's FeatureFlags:
// https://developer.atlassian.com/platform/forge/feature-flags/feature-flags-client-sdk/
func New(ctx context.Context, user User, environment view.Environment) (*Flags, error) {
	const op = "featureFlags.initialize"
	switch environment {
	case "":
		environment = view.Development
	case view.Development, view.Staging, view.Production:
	default:
		return nil, payload.InvalidRequest(op, "the environment is not one of view.Development, view.Staging and view.Production")
	}
	for _, value := range user.Attributes {
		if !isAttribute(value) {
			return nil, payload.InvalidRequest(op, "an attribute of the user is neither a string nor a number")
		}
	}
	data, err := payload.JSON(op, map[string]any{"user": user, "config": map[string]string{"environment": ascii.Lower(string(environment))}})
	if err != nil {
		return nil, err
	}
	if err := command.Limited(op, &state.Keep[limits](ctx).initialize); err != nil {
		return nil, err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "initFeatureFlags", Payload: data})
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

// limits are the limits of one client.
type limits struct{ initialize limit.Limiter }

// isAttribute reports whether a value is a string or a number.
func isAttribute(value any) bool {
	switch value.(type) {
	case string, float64, float32, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return true
	}
	return false
}

// CheckFlag reports whether the flag with this name is on. It returns otherwise if the flag does not exist or there
// are no flags.
//
// It is checkFlag of @forge/bridge's FeatureFlags. After [Flags.Close] it also returns otherwise; the official
// client throws.
func (f *Flags) CheckFlag(name string, otherwise bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	hash := flaghash.Of(name)
	found := f.byHash[hash]
	switch {
	case hash == "" || found == nil:
		return otherwise
	case truthy(found.Disabled):
		return false
	}
	return truthy(found.Value)
}

// Close discards the flags. To fetch the flags of a user with other attributes, call [New] again.
//
// It is shutdown of @forge/bridge's FeatureFlags.
func (f *Flags) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.byHash, f.down = nil, true
}

// IsInitialized reports whether [Flags.Close] has not been called yet.
//
// It is isInitialized of @forge/bridge's FeatureFlags.
func (f *Flags) IsInitialized() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.down
}

// truthy reports whether a value is true in a JavaScript condition.
func truthy(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}
