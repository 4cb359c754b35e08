package remote

import (
	"bytes"
	"log/slog"
	"net/http"
	"time"
)

const (
	// DefaultJWKSURL is Atlassian's key set for production, development and staging environments of an app.
	DefaultJWKSURL = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
	// StagingJWKSURL is the key set of Atlassian's own staging sites, for [WithJWKSURL]. It has nothing to do with an app's
	// staging environment, and apps of other companies have no use for it. Atlassian does not vouch for who is on those sites
	// as it does in production, so no token is ever verified with these keys unless they are asked for.
	StagingJWKSURL = "https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json"
	// DefaultLeeway is how far the clocks of this machine and Atlassian's may differ.
	DefaultLeeway = 5 * time.Second

	// DefaultExchangeLifetime is how long a token of an [Exchange] is valid.
	DefaultExchangeLifetime = 5 * time.Minute

	maxLeeway           = time.Minute
	maxExchangeLifetime = time.Hour
)

// Option changes a [Verifier]. Options that do not make sense are reported by [New].
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
}

// WithApps adds apps whose FITs are accepted too, by their ARIs: one backend behind several apps. [Claims.App] tells which
// it was. Installations of different apps have different ids.
func WithApps(appIDs ...string) Option {
	return func(s *settings) { s.apps = append(s.apps, appIDs...) }
}

// WithEnvironments limits the environments of the app whose calls are accepted: [Development], [Staging], [Production], or
// the ARI of one environment. The default accepts all of them, so that a developer's forge install reaches the same backend;
// a backend with customers' data says Production.
func WithEnvironments(environments ...string) Option {
	return func(s *settings) { s.environments = append(s.environments, environments...) }
}

// WithIsolatedClouds accepts FITs of Atlassian's isolated clouds, whose key sets are at the URL that comes from template when
// {IC_LABEL} is replaced by the token's icLabel. Atlassian gives the template to apps that it lets into them. The default
// refuses every token that has a label.
//
// If labels are given, no others are accepted. They must be if the template lets a label choose the domain, as
// https://keys.{IC_LABEL}.net does: everybody can register a domain and be a cloud there. At least two labels of the host
// have to follow {IC_LABEL} otherwise.
//
// Without labels, strangers can make this server ask for key sets of clouds that do not exist. It asks for one new cloud in
// 30 seconds and keeps the keys of 16, so that a flood of invented labels can keep a real new cloud waiting, no more.
//
// Source: developer.atlassian.com/platform/forge/remote/essentials/#isolated-cloud-support
func WithIsolatedClouds(template string, labels ...string) Option {
	return func(s *settings) { s.isolated, s.template, s.labels = true, template, labels }
}

// WithReplays sets where [Verifier.Once] keeps what has been used: one that several processes share, such as a table. The
// default is this process's memory, for [DefaultReplays] tokens.
func WithReplays(replays Replays) Option { return func(s *settings) { s.replays = replays } }

// WithJWKSURL sets where the key set is; the default is [DefaultJWKSURL]. Whoever controls that URL can make tokens, so
// it must be https; plain http is accepted for a loopback address, for the local host. Such a key set is fetched again after
// a second, because the local host changes its key; any other after an hour, or for an unknown key after 30 seconds.
func WithJWKSURL(url string) Option { return func(s *settings) { s.jwksURL = url } }

// WithLeeway sets how far exp, nbf and iat may be off; the default is [DefaultLeeway], the most is one minute. A FIT
// lives 25 seconds, so a large leeway multiplies the time in which a stolen one can be used.
func WithLeeway(d time.Duration) Option { return func(s *settings) { s.leeway = d } }

// WithClock sets the clock that exp, nbf and iat are compared with, and that dates the tokens of an [Exchange]; the default is
// [time.Now]. It must be safe for concurrent use. It is meant for tests: a clock that stands still accepts tokens for ever.
// Nothing waits by this clock: how long key sets and used tokens are kept is measured by the monotonic clock.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithHTTPClient sets the client that fetches the key set; the default uses [http.DefaultTransport]. The client is copied.
//
// Whatever the client, a redirect is followed only to https, or from one loopback address to another: its own CheckRedirect
// can refuse more. Without one, three redirects are followed. Transports that follow redirects themselves must set
// [http.Response.Request], or refuse redirects to http. A fetch ends after 10 seconds. One that panics or does not end is a
// fetch that failed; the log has the stack of a panic.
func WithHTTPClient(c *http.Client) Option { return func(s *settings) { s.client = c } }

// WithLogger sets where refusals and failed fetches are logged, with their reasons and without tokens; the default is
// [slog.Default]. Refusals are logged in the goroutine of the request, fetches in one of the package. If the logger panics there, or
// takes more than a second, standard error says so and nobody waits any longer.
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithAllowedOrigins adds origins whose pages may call the remote, such as "https://tasks.example.com". They are exact:
// no path, no wildcard; http only for a loopback address. Write them as location.origin shows them in a browser: in lower
// case, in ASCII (xn--…), without the port that every https URL has. [New] refuses what a browser never sends, but does not
// check that the part of a name after xn-- can be decoded. The sites of Atlassian's products, https://*.atlassian.net
// and https://*.jira.com, are always allowed. The origin of the app's own pages is not: it is needed where these make
// requests themselves, see [Exchange.Handler].
func WithAllowedOrigins(origins ...string) Option {
	return func(s *settings) { s.origins = append(s.origins, origins...) }
}

// WithAllowedHeaders limits the request headers that pages may send to these, authorization and content-type. The
// default allows every header that a page of an allowed origin asks for, up to 100. Headers that browsers let no page set,
// such as Cookie, are an error.
func WithAllowedHeaders(names ...string) Option {
	return func(s *settings) { s.allowed = append(append([]string{}, s.allowed...), names...) }
}

// WithExposedHeaders adds response headers that pages can read. Without it these are the few that browsers always show,
// and Content-Disposition, Content-Length, ETag, Link, Location, Retry-After and X-Request-Id. Set-Cookie, which browsers let
// no page read, is an error.
func WithExposedHeaders(names ...string) Option {
	return func(s *settings) { s.exposed = append(s.exposed, names...) }
}

// ExchangeOption changes an [Exchange]. Options that do not make sense are reported by [NewExchange].
type ExchangeOption func(*exchangeSettings)

type exchangeSettings struct {
	key      []byte
	keyGiven bool
	lifetime time.Duration
}

// WithExchangeKey sets the key that signs and verifies exchanged tokens: at least 32 random bytes, kept as secret as a
// password. Random text in hexadecimal or base64 is fine too. A key that can be guessed is an error: a few different bytes, a
// sequence, or a repeated pattern. The default is a new key for each [Exchange]. Bring one if several processes serve the same remote, or if
// pages are not to notice a restart. Whoever has it can make tokens for every installation; a new key takes all tokens
// back at once.
func WithExchangeKey(key []byte) ExchangeOption {
	return func(s *exchangeSettings) { s.key, s.keyGiven = bytes.Clone(key), true }
}

// WithExchangeLifetime sets how long an exchanged token is valid; the default is [DefaultExchangeLifetime], the least one
// second and the most one hour. The longer it is, the longer a stolen token and a user who has lost access remain
// accepted. Fractions of a second are dropped.
func WithExchangeLifetime(d time.Duration) ExchangeOption {
	return func(s *exchangeSettings) { s.lifetime = d }
}
