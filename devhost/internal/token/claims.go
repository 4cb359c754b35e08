// Package token mints Forge Invocation Tokens (FITs) and holds the key that signs them.
package token

import (
	"time"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Claims are the claims of a Forge Invocation Token. The claim icLabel is missing: a commercial site does not have it.
//
// Source: https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/
type Claims struct {
	Issuer    string               `json:"iss"`
	Audience  string               `json:"aud"`
	IssuedAt  int64                `json:"iat"`
	NotBefore int64                `json:"nbf"`
	Expires   int64                `json:"exp"`
	ID        string               `json:"jti"`
	App       appClaim             `json:"app"`
	Context   installation.Context `json:"context"`
	Principal string               `json:"principal,omitempty"`
}

type appClaim struct {
	ID             string            `json:"id"`
	Version        string            `json:"version"`
	AppVersion     string            `json:"appVersion"`
	InstallationID string            `json:"installationId"`
	APIBaseURL     string            `json:"apiBaseUrl"`
	Environment    typedID           `json:"environment"`
	Module         typedKey          `json:"module"`
	License        map[string]any    `json:"license,omitempty"`
	Installation   installationClaim `json:"installation"`
}

type typedID struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type typedKey struct {
	Type string `json:"type"`
	Key  string `json:"key"`
}

type installationClaim struct {
	ID       string                `json:"id"`
	Contexts []installationContext `json:"contexts"`
}

type installationContext struct {
	Name        installation.Product `json:"name"`
	APIBaseURL  string               `json:"apiBaseUrl"`
	CloudID     string               `json:"cloudId,omitempty"`
	WorkspaceID string               `json:"workspaceId,omitempty"`
}

// NewClaims returns the claims of a token for a call of a module's view in a session. Only tokens of invokeRemote have a
// principal, as Atlassian documents it; pass "" for others.
func NewClaims(s *installation.Session, m manifest.Module, view string, issued time.Time, lifetime time.Duration, principal string) Claims {
	moduleType := m.Type
	if moduleType == "macro" {
		// Atlassian's internal name of the type. In context.extension.type, the type is the manifest's.
		moduleType = "xen:macro"
	}
	context := s.Context(m, view)
	context.License = nil // The license is a claim of the app.
	return Claims{
		Issuer:    platform.TokenIssuer,
		Audience:  s.AppID,
		IssuedAt:  issued.Unix(),
		NotBefore: issued.Unix(),
		Expires:   issued.Add(lifetime).Unix(),
		ID:        platform.NewTokenID(),
		App: appClaim{
			ID:             s.AppID,
			Version:        "1",
			AppVersion:     "1.0.0",
			InstallationID: s.InstallationID,
			APIBaseURL:     s.APIBaseURL(installation.ProductOf(m.Type)),
			Environment:    typedID{Type: installation.Development, ID: s.EnvironmentID},
			Module:         typedKey{Type: moduleType, Key: m.Key},
			License:        s.Site.License,
			Installation:   installationClaim{ID: s.InstallationID, Contexts: installationContexts(s)},
		},
		Context:   context,
		Principal: principal,
	}
}

func installationContexts(s *installation.Session) []installationContext {
	var all []installationContext
	for _, p := range s.Products() {
		c := installationContext{Name: p, APIBaseURL: s.APIBaseURL(p)}
		if p == installation.Bitbucket {
			c.WorkspaceID = s.WorkspaceID
		} else {
			c.CloudID = s.CloudID
		}
		all = append(all, c)
	}
	return all
}
