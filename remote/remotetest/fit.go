package remotetest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/remote"
)

// Lifetime is how long a token is valid: 25 seconds, as a FIT of invokeRemote.
const Lifetime = platform.TokenLifetime

// FIT holds the claims of a new token. Zero fields are omitted from the token.
type FIT struct {
	remote.Claims

	// Issuer is iss. Audience is aud; if it is empty, aud is the app's id.
	Issuer, Audience string
	// Extra holds more claims by name. They replace those of the other fields; a nil value removes a claim. They need not be
	// valid.
	Extra map[string]any
}

// TokenOption changes a FIT before it is signed. A nil option changes nothing. Any such function is a TokenOption:
//
//	issuer.Token(func(f *remotetest.FIT) { f.App.Module.Key = "settings" })
type TokenOption func(*FIT)

// WithInstallation sets the ARI of the installation that the call comes from, for example another customer's.
func WithInstallation(id string) TokenOption {
	return func(f *FIT) { f.App.InstallationID, f.App.Installation.ID = id, id }
}

// WithAccount sets the account id of the user who makes the call. If id is empty, the token names no user.
func WithAccount(id string) TokenOption {
	return func(f *FIT) {
		f.Principal = id
		if f.Context != nil {
			f.Context.AccountID = id
		}
	}
}

// WithEnvironment sets the environment that the app runs in: remote.Development, remote.Staging or remote.Production.
func WithEnvironment(kind string) TokenOption {
	return func(f *FIT) {
		f.App.Environment.Type = kind
		if f.Context != nil {
			f.Context.EnvironmentType = kind
		}
	}
}

// WithLicense sets the app's license. If license is nil, the token has none.
func WithLicense(license *remote.License) TokenOption {
	return func(f *FIT) { f.App.License = license }
}

// WithIssuedAt sets the token's times: it is issued at t and valid for [Lifetime].
func WithIssuedAt(t time.Time) TokenOption {
	return func(f *FIT) { f.IssuedAt, f.NotBefore, f.ExpiresAt = t, t, t.Add(Lifetime) }
}

// WithExpired makes a token that expired an hour ago.
func WithExpired() TokenOption {
	return func(f *FIT) { WithIssuedAt(f.IssuedAt.Add(-Lifetime - time.Hour))(f) }
}

// WithClaim sets the claim with this name to any value. A nil value removes it.
func WithClaim(name string, value any) TokenOption {
	return func(f *FIT) {
		if f.Extra == nil {
			f.Extra = make(map[string]any)
		}
		f.Extra[name] = value
	}
}

// claims returns the token's payload.
func (f *FIT) claims() (map[string]any, error) {
	data, err := json.Marshal(f.Claims)
	if err != nil {
		return nil, fmt.Errorf("encoding the claims: %w", err)
	}
	payload := make(map[string]any)
	if err := json.Unmarshal(data, &payload); err != nil {
		return nil, fmt.Errorf("encoding the claims: %w", err)
	}
	for name, value := range map[string]string{"iss": f.Issuer, "aud": f.Audience, "jti": f.ID, "principal": f.Principal, "icLabel": f.ICLabel} {
		setOrDelete(payload, name, value, value != "")
	}
	for name, t := range map[string]time.Time{"iat": f.IssuedAt, "nbf": f.NotBefore, "exp": f.ExpiresAt} {
		setOrDelete(payload, name, t.Unix(), !t.IsZero())
	}
	if f.Audience == "" {
		setOrDelete(payload, "aud", f.App.ID, f.App.ID != "")
	}
	if f.Context == nil {
		delete(payload, "context")
	}
	if app, ok := payload["app"].(map[string]any); ok && f.App.License == nil {
		delete(app, "license")
	}
	for name, value := range f.Extra {
		setOrDelete(payload, name, value, value != nil)
	}
	return payload, nil
}

func setOrDelete(payload map[string]any, name string, value any, set bool) {
	if set {
		payload[name] = value
	} else {
		delete(payload, name)
	}
}
