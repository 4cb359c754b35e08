package remotetest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/remote"
)

const keyBits = 2048

// Issuer stands in for Atlassian: it signs tokens and serves their key set. Each issuer has its own key, so a verifier refuses
// tokens of another issuer. An Issuer is safe for concurrent use.
type Issuer struct {
	appID string

	mu       sync.Mutex
	keys     []jose.JSONWebKey // the last one signs
	now      func() time.Time
	requests int
	down     bool
}

// NewIssuer returns an issuer of tokens for the app with this ARI. The first token or request makes the key, which takes a
// moment.
func NewIssuer(appID string) *Issuer {
	return &Issuer{appID: appID, now: time.Now}
}

// Verifier returns a remote.Verifier for the issuer's app. It gets the key set directly from the issuer, without a network, and
// uses the issuer's clock. It does not log unless an option sets a logger. Options and errors are those of remote.New.
func (i *Issuer) Verifier(options ...remote.Option) (*remote.Verifier, error) {
	return remote.New(i.appID, append(i.Options(), options...)...)
}

// Options returns the options that [Issuer.Verifier] passes to remote.New, for callers of remote.New.
func (i *Issuer) Options() []remote.Option {
	return []remote.Option{
		remote.WithHTTPClient(i.Client()),
		remote.WithClock(i.time),
		remote.WithLogger(slog.New(slog.DiscardHandler)),
	}
}

// Client returns an HTTP client that gets the issuer's key set from every URL. It uses no network.
func (i *Issuer) Client() *http.Client {
	return &http.Client{Transport: inMemory{i.Handler()}}
}

// Handler returns a handler that serves the key set at any path.
func (i *Issuer) Handler() http.Handler { return http.HandlerFunc(i.serveKeys) }

// Token returns a new FIT for the issuer's app, valid from now for [Lifetime], with the changes of options. Without options
// it is the FIT of a Jira issue panel in a development environment, with an installation and a user. Token panics if the
// claims cannot be encoded as JSON.
func (i *Issuer) Token(options ...TokenOption) string {
	f := i.fit()
	for _, option := range options {
		if option != nil {
			option(&f)
		}
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

// Authorize sets the authorization header of r to a new token from [Issuer.Token], and returns r.
func (i *Issuer) Authorize(r *http.Request, options ...TokenOption) *http.Request {
	r.Header.Set("Authorization", "Bearer "+i.Token(options...))
	return r
}

// Rotate makes a new key, which signs all later tokens. The key set keeps the older keys.
func (i *Issuer) Rotate() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, newKey())
}

// Revoke removes all keys but the newest from the key set, so that tokens signed with them are no longer valid.
func (i *Issuer) Revoke() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if n := len(i.keys); n > 1 {
		i.keys = i.keys[n-1:]
	}
}

// SetDown sets whether requests for the key set fail with 503.
func (i *Issuer) SetDown(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// SetClock sets the clock of the tokens and of the issuer's verifiers. The default is time.Now. It does not change how long a
// verifier keeps the key set: use a testing/synctest bubble for that.
func (i *Issuer) SetClock(now func() time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = now
}

// Requests returns the number of requests for the key set.
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

// key returns the key that signs.
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

// fit returns the claims of a token without options.
func (i *Issuer) fit() FIT {
	const (
		cloudID      = "9a1fb21c-5e8c-4b5f-9d7a-2f6f5c1e3b70"
		installation = "ari:cloud:ecosystem::installation/5d1c7e90-2b7a-4a7d-9c55-0f0e0d0c0b0a"
		environment  = "1a2b3c4d-0000-4000-8000-1a2b3c4d5e6f"
		apiBaseURL   = "https://api.atlassian.com/ex/jira/" + cloudID
		account      = "5b10a2844c20165700ede21g"
	)
	f := FIT{Issuer: platform.TokenIssuer}
	f.ID = platform.NewTokenID()
	WithIssuedAt(i.time())(&f)
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

// inMemory is a transport that calls a handler.
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
