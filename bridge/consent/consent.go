// Package consent reports which kinds of cookies and similar data the user allows.
//
// It is getCookieConsentPreferences of @forge/bridge 7.2.0. Atlassian's documentation has no page about it yet; this
// package follows the types of @forge/bridge.
package consent

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
)

// Preferences are what the user allows.
type Preferences struct {
	// StrictlyNecessary is always true.
	StrictlyNecessary bool `json:"strictlyNecessary"`
	Functional        bool `json:"functional"`
	Analytics         bool `json:"analytics"`
	Marketing         bool `json:"marketing"`
}

// Get returns what the user allows now. It returns nil if that is not known, whatever the reason: the host has
// published nothing, does not have the command or refused it, or ctx has ended. The official client does the same.
// Treat nil as no consent.
//
// It is getCookieConsentPreferences.
func Get(ctx context.Context) *Preferences {
	const command = "getCookieConsentPreferences"
	answer, err := bridge.FromContext(ctx).Call(ctx, command, bridge.Call{Command: command})
	if err != nil {
		return nil
	}
	var preferences *Preferences
	if nesting.UnmarshalShallow(answer.Payload, &preferences) != nil {
		return nil
	}
	return preferences
}
