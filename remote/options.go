package remote

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

const (
	// DefaultJWKSURL is Atlassian's key set for production, development and staging environments of an app.
	DefaultJWKSURL = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
	// StagingJWKSURL is the key set of Atlassian's own staging sites, for [WithJWKSURL]. It is not for an app's staging
	// environment, and apps of other companies do not need it. Atlassian does not vouch for the users of those sites as it
	// does in production, so these keys are never used unless you ask for them.
	StagingJWKSURL = "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json"
	// DefaultLeeway is the default difference that is allowed between this machine's clock and Atlassian's.
	DefaultLeeway = 5 * time.Second

	// DefaultExchangeLifetime is the default lifetime of a token of an [Exchange].
	DefaultExchangeLifetime = 5 * time.Minute

	// DefaultEventHeartbeat is the default time between the heartbeats of [ServeEvents].
	DefaultEventHeartbeat = 15 * time.Second
	// DefaultEventLifetime is the default lifetime of a stream of [ServeEvents].
	DefaultEventLifetime = 5 * time.Minute

	maxLeeway           = time.Minute
	maxExchangeLifetime = time.Hour
)

// Option configures a [Verifier]. [New] returns an error for an invalid option. A nil option is invalid, because a check that
// the program asked for could be missing.
type Option func(*settings)

type settings struct {
	apps         []string
	environments environments
	jwksURL      string
	isolated     bool
	template     string
	labels       []string
	leeway       time.Duration
	now          func() time.Time
	client       *http.Client
	log          *slog.Logger
	replays      Replays
	origins      []string
	allowed      []string
	exposed      []string
	baseURL      string
}

// WithApps accepts FITs of more apps, by their ARIs, for a backend that serves several apps. [Claims.App] has the app of a
// call. Installations of different apps have different ids.
func WithApps(appIDs ...string) Option {
	return func(s *settings) { s.apps = append(s.apps, appIDs...) }
}

// WithEnvironments accepts calls only from these environments of the app: [Development], [Staging], [Production], or the ARI
// of one environment. By default all are accepted, so that a developer's forge install reaches the same backend. A backend
// with customers' data should pass Production.
func WithEnvironments(environments ...string) Option {
	return func(s *settings) { s.environments = append(s.environments, environments...) }
}

// WithIsolatedClouds accepts FITs of Atlassian's isolated clouds. The URL of a cloud's key set is template with {IC_LABEL}
// replaced by the token's icLabel. Atlassian sends the template to apps that it admits to these clouds. By default every token
// with a label is refused.
//
// If labels are passed, other labels are refused. They are required if the template lets a label choose the domain, as
// https://keys.{IC_LABEL}.net does: anybody could register a domain and sign tokens there. Without labels, at least two parts
// of the host name must follow {IC_LABEL}.
//
// Without labels, strangers can make this server request key sets of clouds that do not exist. It requests the keys of one new
// cloud in 30 seconds and keeps those of 16 clouds, so a flood of invented labels can only delay a real new cloud.
//
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/#isolated-cloud-support
func WithIsolatedClouds(template string, labels ...string) Option {
	return func(s *settings) { s.isolated, s.template, s.labels = true, template, labels }
}

// WithReplays sets the store of used tokens for [Verifier.Once], such as a table that several processes share. The default
// store is in this process's memory and holds [DefaultReplays] tokens.
func WithReplays(replays Replays) Option { return func(s *settings) { s.replays = replays } }

// WithJWKSURL sets the URL of the key set. The default is [DefaultJWKSURL]. Anybody who controls that URL can make tokens, so
// it must be https, or http on a loopback address for the local host. A key set is fetched again after an hour, and for an
// unknown key after 30 seconds. On a loopback address both times are one second, because the local host changes its key.
func WithJWKSURL(url string) Option { return func(s *settings) { s.jwksURL = url } }

// WithLeeway sets how far exp, nbf and iat may be off. The default is [DefaultLeeway], the maximum one minute. A FIT lives 25
// seconds, so a large leeway multiplies the time in which a stolen FIT can be used.
func WithLeeway(d time.Duration) Option { return func(s *settings) { s.leeway = d } }

// WithClock sets the clock for exp, nbf and iat, also of the tokens of an [Exchange]. The default is [time.Now]. The function
// must be safe for concurrent use. It is for tests: if the clock stands still, tokens never expire. It does not change how
// long key sets and used tokens are kept, which the monotonic clock measures.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithHTTPClient sets the client that fetches the key set. The default uses [http.DefaultTransport]. The client is copied.
//
// Redirects are followed only to https, or from one loopback address to another. The client's CheckRedirect can refuse more.
// Without a CheckRedirect, at most three redirects are followed. A transport that follows redirects itself must set
// [http.Response.Request] or refuse redirects to http. A fetch ends after 10 seconds. If the client panics or does not
// return, the fetch fails; the log has the stack of a panic.
func WithHTTPClient(c *http.Client) Option { return func(s *settings) { s.client = c } }

// WithLogger sets the logger for refusals and failed fetches. It gets their reasons, but no tokens. The default is
// [slog.Default].
//
// A refusal is one line, with the reason, the status, the method, the path and the trace id. Each kind of reason is logged at
// most once a second. The next line of that kind says how many were suppressed.
//
// Refusals are logged in the request's goroutine, fetches in a goroutine of this package. If the logger panics
// there, or takes more than a second, a line on standard error reports this, and the fetch does not wait any longer.
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithAllowedOrigins adds origins whose pages may call the remote, such as "https://tasks.example.com". They match exactly:
// no path, no wildcard; http only for a loopback address. Write them as location.origin shows them in a browser: in lower
// case, in ASCII (xn--…), without the default port. [New] refuses origins that a browser never sends, but does not check that
// the part of a name after xn-- can be decoded. The sites of Atlassian's products, https://*.atlassian.net and
// https://*.jira.com, are always allowed. The origin of the app's own pages is not. Add it if these pages make requests
// themselves: see [Exchange.Handler].
func WithAllowedOrigins(origins ...string) Option {
	return func(s *settings) { s.origins = append(s.origins, origins...) }
}

// WithAllowedHeaders allows pages to send only these request headers, authorization and content-type. By default a page of an
// allowed origin may send all headers that it asks for, up to 100. [New] returns an error for headers that browsers do not let
// pages set, such as Cookie.
func WithAllowedHeaders(names ...string) Option {
	return func(s *settings) { s.allowed = append(append([]string{}, s.allowed...), names...) }
}

// WithExposedHeaders adds response headers that pages can read. By default pages can read the few that browsers always show,
// and Content-Disposition, Content-Length, ETag, Link, Location, Retry-After and X-Request-Id. [New] returns an error for
// Set-Cookie, which browsers do not let pages read.
func WithExposedHeaders(names ...string) Option {
	return func(s *settings) { s.exposed = append(s.exposed, names...) }
}

// ExchangeOption configures an [Exchange]. [NewExchange] returns an error for an invalid option, and for nil.
type ExchangeOption func(*exchangeSettings)

type exchangeSettings struct {
	key      []byte
	keyGiven bool
	lifetime time.Duration
}

// WithExchangeKey sets the key that signs and verifies exchanged tokens: at least 32 random bytes. Random text in hexadecimal
// or base64 works too. [NewExchange] returns an error for a key that can be guessed: few different bytes, a sequence, or a
// repeated pattern. The default is a new key for each [Exchange]. Set a key if several processes serve the same remote, or if
// tokens must survive a restart. Keep it as secret as a password: anybody who has it can make tokens for every installation.
// To revoke all tokens at once, change the key.
func WithExchangeKey(key []byte) ExchangeOption {
	return func(s *exchangeSettings) { s.key, s.keyGiven = bytes.Clone(key), true }
}

// WithExchangeLifetime sets the lifetime of exchanged tokens, from one second to one hour. The default is
// [DefaultExchangeLifetime]. Fractions of a second are dropped. With a long lifetime, a stolen token, and the token of a user
// who has lost access, stay valid for longer.
func WithExchangeLifetime(d time.Duration) ExchangeOption {
	return func(s *exchangeSettings) { s.lifetime = d }
}

// EventOption configures [ServeEvents], which returns an error for an invalid option, and for nil.
type EventOption func(*eventSettings)

type eventSettings struct {
	heartbeat, lifetime time.Duration
}

// WithEventHeartbeat sets the time between heartbeats, at least 10 ms. The default is [DefaultEventHeartbeat]. A page's
// bridge.WithMaxSilence must wait for longer than that.
func WithEventHeartbeat(d time.Duration) EventOption {
	return func(s *eventSettings) { s.heartbeat = d }
}

// WithEventLifetime sets how long a stream lasts, at least one second. The default is [DefaultEventLifetime]. Readers then
// reconnect, with a new token. The token of a user who has lost access is not renewed.
func WithEventLifetime(d time.Duration) EventOption {
	return func(s *eventSettings) { s.lifetime = d }
}

func newEventSettings(options []EventOption) (eventSettings, error) {
	s := eventSettings{heartbeat: DefaultEventHeartbeat, lifetime: DefaultEventLifetime}
	for i, option := range options {
		if option == nil {
			return s, fmt.Errorf("option %d is nil", i+1)
		}
		option(&s)
	}
	switch {
	case s.heartbeat < 10*time.Millisecond:
		return s, fmt.Errorf("the heartbeat is %v; it must be at least 10ms", s.heartbeat)
	case s.lifetime < time.Second:
		return s, fmt.Errorf("the lifetime is %v; it must be at least 1s", s.lifetime)
	}
	return s, nil
}
