package devhost

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/forgego/forgego/internal/manifest"
)

// issuer is the iss of every Forge Invocation Token.
const issuer = "forge/invocation-token"

// claims are a Forge Invocation Token's, but for license and icLabel, which a development environment on a commercial
// site has not.
// Source: forge-remote-invocation-contract.
type claims struct {
	Issuer    string        `json:"iss"`
	Audience  string        `json:"aud"`
	IssuedAt  int64         `json:"iat"`
	NotBefore int64         `json:"nbf"`
	Expires   int64         `json:"exp"`
	ID        string        `json:"jti"`
	App       appClaim      `json:"app"`
	Context   moduleContext `json:"context"`
	Principal string        `json:"principal,omitempty"`
}

type appClaim struct {
	ID             string            `json:"id"`
	Version        string            `json:"version"`
	AppVersion     string            `json:"appVersion"`
	InstallationID string            `json:"installationId"`
	APIBaseURL     string            `json:"apiBaseUrl"`
	Environment    typedID           `json:"environment"`
	Module         typedKey          `json:"module"`
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
	Name        product `json:"name"`
	APIBaseURL  string  `json:"apiBaseUrl"`
	CloudID     string  `json:"cloudId,omitempty"`
	WorkspaceID string  `json:"workspaceId,omitempty"`
}

// claimsOf are the claims of a token for a module's call. The principal is there for invokeRemote only, as Atlassian
// documents it.
func (h *Host) claimsOf(m manifest.Module, issued time.Time, lifetime time.Duration, principal string) claims {
	i := h.identity
	moduleType := m.Type
	if moduleType == "macro" {
		// Atlassian's internal name of the type; context.extension.type has the manifest's.
		moduleType = "xen:macro"
	}
	return claims{
		Issuer:    issuer,
		Audience:  i.appID,
		IssuedAt:  issued.Unix(),
		NotBefore: issued.Unix(),
		Expires:   issued.Add(lifetime).Unix(),
		ID:        tokenID(),
		App: appClaim{
			ID:             i.appID,
			Version:        "1",
			AppVersion:     "1.0.0",
			InstallationID: i.installationID,
			APIBaseURL:     i.apiBaseURL(productOf(m.Type)),
			Environment:    typedID{Type: development, ID: i.environmentID},
			Module:         typedKey{Type: moduleType, Key: m.Key},
			Installation:   installationClaim{ID: i.installationID, Contexts: h.installationContexts()},
		},
		Context:   h.contextOf(m),
		Principal: principal,
	}
}

func (h *Host) installationContexts() []installationContext {
	var all []installationContext
	for _, p := range products(h.manifest.Modules) {
		c := installationContext{Name: p, APIBaseURL: h.identity.apiBaseURL(p)}
		if p == bitbucket {
			c.WorkspaceID = h.identity.workspaceID
		} else {
			c.CloudID = h.identity.cloudID
		}
		all = append(all, c)
	}
	return all
}

// tokenID is 40 random hex digits.
func tokenID() string {
	var b [20]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// keyring makes the signing key, a new one for each Host, and signs with it.
type keyring struct {
	mu      sync.Mutex
	current func() (signingKey, error)
}

type signingKey struct {
	signer jose.Signer
	// set is the key set's JSON.
	set []byte
}

// newKeyring begins to make the key in the background: a program should not wait for it before it can say that it is
// ready.
func newKeyring() *keyring {
	k := &keyring{current: sync.OnceValues(newSigningKey)}
	go k.made()
	return k
}

// made is the key, once it is made.
func (k *keyring) made() (signingKey, error) {
	k.mu.Lock()
	current := k.current
	k.mu.Unlock()
	return current()
}

// change puts another key in the place of the one there is, which nothing is left of.
func (k *keyring) change() error {
	key, err := newSigningKey()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.current = func() (signingKey, error) { return key, nil }
	return nil
}

func newSigningKey() (signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signingKey{}, fmt.Errorf("making the signing key: %w", err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "forge/invocation-token/" + randomUUID(), Algorithm: string(jose.RS256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		return signingKey{}, fmt.Errorf("preparing the signing key: %w", err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	if err != nil {
		return signingKey{}, fmt.Errorf("encoding the key set: %w", err)
	}
	return signingKey{signer: signer, set: set}, nil
}

func randomUUID() string { return stableUUID(rand.Text()) }

func (k *keyring) sign(c claims) (string, error) {
	key, err := k.made()
	if err != nil {
		return "", err
	}
	token, err := jwt.Signed(key.signer).Claims(c).Serialize()
	if err != nil {
		return "", fmt.Errorf("signing the invocation token: %w", err)
	}
	return token, nil
}
