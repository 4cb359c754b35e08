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
	jwksURL string
	leeway  time.Duration
	now     func() time.Time
	client  *http.Client
	log     *slog.Logger
	origins []string
	allowed []string
	exposed []string
}

// WithJWKSURL sets where the key set is; the default is [DefaultJWKSURL]. Whoever controls that URL can make tokens, so
// it must be https; plain http is accepted for a loopback address, for the local host. Such a key set is fetched again after
// a second, because the local host changes its key; any other after an hour, or for an unknown key after 30 seconds.
func WithJWKSURL(url string) Option { return func(s *settings) { s.jwksURL = url } }

// WithLeeway sets how far exp, nbf and iat may be off; the default is [DefaultLeeway], the most is one minute. A FIT
// lives 25 seconds, so a large leeway multiplies the time in which a stolen one can be used.
func WithLeeway(d time.Duration) Option { return func(s *settings) { s.leeway = d } }

// WithClock sets the clock; the default is [time.Now]. It must be safe for concurrent use. It is meant for tests: a
// clock that stands still accepts tokens for ever.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithHTTPClient sets the client that fetches the key set. The default uses [http.DefaultTransport] and never follows a
// redirect from https to http. Whatever the client, a fetch ends after 10 seconds.
func WithHTTPClient(c *http.Client) Option { return func(s *settings) { s.client = c } }

// WithLogger sets where refusals and failed fetches are logged, with their reasons and without tokens; the default is
// [slog.Default].
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// WithAllowedOrigins adds origins whose pages may call the remote, such as "https://tasks.example.com". They are exact:
// no path, no wildcard; http only for a loopback address. The sites of Atlassian's products, https://*.atlassian.net
// and https://*.jira.com, are always allowed. The origin of the app's own pages is not: it is needed where these make
// requests themselves, see [Exchange.Handler].
func WithAllowedOrigins(origins ...string) Option {
	return func(s *settings) { s.origins = append(s.origins, origins...) }
}

// WithAllowedHeaders limits the request headers that pages may send to these, authorization and content-type. The
// default allows every header that a page of an allowed origin asks for.
func WithAllowedHeaders(names ...string) Option {
	return func(s *settings) { s.allowed = append(s.allowed, names...) }
}

// WithExposedHeaders limits the response headers that pages can read to these and the few that browsers always show.
// The default exposes all ("*").
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
// password. The default is a new key for each [Exchange]. Bring one if several processes serve the same remote, or if
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
