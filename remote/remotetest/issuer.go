package remotetest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/forgego/forgego/remote"
)

const keyBits = 2048

// Issuer stands in for Atlassian: it signs tokens and has the key set for them. Its key is its own, so that one issuer's
// tokens mean nothing to another's verifier. It is safe for concurrent use.
type Issuer struct {
	appID string

	mu       sync.Mutex
	keys     []jose.JSONWebKey // the last one signs
	now      func() time.Time
	requests int
	down     bool
}

// NewIssuer returns an issuer of tokens for the app with this ARI. It makes no key yet: that takes a moment, and the first
// token or request does it.
func NewIssuer(appID string) *Issuer {
	return &Issuer{appID: appID, now: time.Now}
}

// Verifier is a remote.Verifier of the issuer's app that gets the key set straight from the issuer, without a network, by
// the issuer's clock. It logs nothing unless an option says otherwise. Options and errors are those of remote.New.
func (i *Issuer) Verifier(opts ...remote.Option) (*remote.Verifier, error) {
	return remote.New(i.appID, append(i.Options(), opts...)...)
}

// Options are what [Issuer.Verifier] gives to remote.New, for whoever calls that.
func (i *Issuer) Options() []remote.Option {
	return []remote.Option{
		remote.WithHTTPClient(i.Client()),
		remote.WithClock(i.time),
		remote.WithLogger(slog.New(slog.DiscardHandler)),
	}
}

// Client is an HTTP client for which every URL is the issuer's key set. It uses no network.
func (i *Issuer) Client() *http.Client {
	return &http.Client{Transport: inMemory{i.Handler()}}
}

// Handler serves the key set, at any path.
func (i *Issuer) Handler() http.Handler { return http.HandlerFunc(i.serveKeys) }

// Token is a new FIT for the issuer's app, valid from now for [Lifetime], with the changes that opts make. Without them
// it is that of a Jira issue panel in a development environment, and names an installation and a user. It panics if the
// claims cannot be written as JSON.
func (i *Issuer) Token(opts ...TokenOption) string {
	f := i.fit()
	for _, opt := range opts {
		opt(&f)
	}
	payload, err := f.claims()
	if err != nil {
		panic(fmt.Errorf("remotetest: token: %w", err))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: i.key()}, nil)
	if err != nil {
		panic(fmt.Errorf("remotetest: token: %w", err))
	}
	token, err := jwt.Signed(signer).Claims(payload).Serialize()
	if err != nil {
		panic(fmt.Errorf("remotetest: token: %w", err))
	}
	return token
}

// Authorize gives r the authorization header that it would come with: a new token as of [Issuer.Token]. It returns r.
func (i *Issuer) Authorize(r *http.Request, opts ...TokenOption) *http.Request {
	r.Header.Set("Authorization", "Bearer "+i.Token(opts...))
	return r
}

// Rotate makes a new key, which signs from now on. The key set has it beside the older ones.
func (i *Issuer) Rotate() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, newKey())
}

// Revoke takes all keys but the newest out of the key set: tokens that they signed are not to be accepted any longer.
func (i *Issuer) Revoke() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if n := len(i.keys); n > 1 {
		i.keys = i.keys[n-1:]
	}
}

// SetDown says whether requests for the key set fail, with 503.
func (i *Issuer) SetDown(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// SetClock sets the clock of the tokens and of the issuer's verifiers; the default is time.Now. How long a verifier keeps the
// key set is not measured by it: use a bubble of testing/synctest for that.
func (i *Issuer) SetClock(now func() time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = now
}

// Requests is how often the key set was asked for.
func (i *Issuer) Requests() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests
}

func (i *Issuer) time() time.Time {
	i.mu.Lock()
	now := i.now
	i.mu.Unlock()
	return now()
}

// key is the one that signs.
func (i *Issuer) key() jose.JSONWebKey {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.keys) == 0 {
		i.keys = append(i.keys, newKey())
	}
	return i.keys[len(i.keys)-1]
}

func (i *Issuer) serveKeys(w http.ResponseWriter, r *http.Request) {
	i.key()
	i.mu.Lock()
	i.requests++
	down := i.down
	set := jose.JSONWebKeySet{}
	for _, key := range i.keys {
		set.Keys = append(set.Keys, key.Public())
	}
	i.mu.Unlock()
	if down {
		http.Error(w, "the key set is down", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(set)
}

func newKey() jose.JSONWebKey {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(fmt.Errorf("remotetest: making a key: %w", err))
	}
	return jose.JSONWebKey{Key: private, KeyID: "forge/invocation-token/" + rand.Text(), Algorithm: string(jose.RS256), Use: "sig"}
}

// fit is the token without changes.
func (i *Issuer) fit() FIT {
	const (
		cloudID      = "9a1fb21c-5e8c-4b5f-9d7a-2f6f5c1e3b70"
		installation = "ari:cloud:ecosystem::installation/5d1c7e90-2b7a-4a7d-9c55-0f0e0d0c0b0a"
		environment  = "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f"
		apiBaseURL   = "https://api.atlassian.com/ex/jira/" + cloudID
		account      = "5b10a2844c20165700ede21g"
	)
	f := FIT{Issuer: issuerClaim}
	f.ID = tokenID()
	Issued(i.time())(&f)
	f.Principal = account
	f.App = remote.App{
		ID:             i.appID,
		Version:        "1.0.0",
		MajorVersion:   "1",
		APIBaseURL:     apiBaseURL,
		InstallationID: installation,
		Installation: remote.Installation{
			ID:       installation,
			Contexts: []remote.InstallationContext{{Name: "jira", APIBaseURL: apiBaseURL, CloudID: cloudID}},
		},
		Environment: remote.Environment{Type: remote.Development, ID: "ari:cloud:ecosystem::environment/app/" + environment},
		Module:      remote.Module{Type: "core:endpoint", Key: "endpoint"},
	}
	f.Context = &remote.Context{
		CloudID:         cloudID,
		SiteURL:         "https://example.atlassian.net",
		LocalID:         "local-1",
		ModuleKey:       "panel",
		EnvironmentID:   environment,
		EnvironmentType: remote.Development,
		AccountID:       account,
		Extension:       remote.Extension{Type: "jira:issuePanel"},
	}
	return f
}

// tokenID is 40 random hex digits.
func tokenID() string {
	var b [20]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// inMemory is a handler without a network.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	return resp, nil
}
