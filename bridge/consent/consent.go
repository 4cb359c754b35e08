// Package consent reports which kinds of cookies and similar data the user allows.
//
// It is getCookieConsentPreferences of @forge/bridge 7.2.0. Atlassian's documentation has no page about it yet; this
// package follows the types of @forge/bridge.
package consent

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// ErrUnknown means that the host does not know what the user allows. Treat it as no consent.
var ErrUnknown = errors.New("the host has not published what the user allows")

// Preferences are what the user allows. The zero Preferences allow nothing.
type Preferences struct {
	// StrictlyNecessary is true in each answer of a host.
	StrictlyNecessary bool `json:"strictlyNecessary"`
	Functional        bool `json:"functional"`
	Analytics         bool `json:"analytics"`
	Marketing         bool `json:"marketing"`
}

// Get returns what the user allows now. If the host has published nothing, Get returns [ErrUnknown]. Other errors are
// those of [bridge.Client]'s Call, and [bridge.ErrInvalidResponse]. With each error it returns the zero Preferences. The
// official client returns undefined in all these cases.
//
// It is getCookieConsentPreferences.
func Get(ctx context.Context) (Preferences, error) {
	const op = "getCookieConsentPreferences"
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: op})
	if err != nil {
		return Preferences{}, err
	}
	if answer.Payload == nil || string(answer.Payload) == "null" {
		return Preferences{}, &bridge.Error{Op: op, Err: ErrUnknown}
	}
	var preferences Preferences
	if err := payload.Read(op, answer.Payload, &preferences); err != nil {
		return Preferences{}, err
	}
	return preferences, nil
}
