// Package consent tells which cookies, and the like, the user allows.
//
// It is getCookieConsentPreferences of @forge/bridge 7.2.0. Atlassian's documentation has no page of it yet; what it says
// here is what that package's types say.
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

// Get gives what the user allows now. Nil means that nobody knows, whatever the reason: the host has published nothing, has
// no such command, refused it, or ctx has ended. So does the official client; take nil as no consent.
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
