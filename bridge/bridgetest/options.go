package bridgetest

import (
	"time"

	"github.com/forgego/forgego/remote/remotetest"
)

// DefaultAppID is the app that tokens are issued for, unless [WithAppID] sets another.
const DefaultAppID = "ari:cloud:ecosystem::app/7b1f2a52-6d0c-4f0e-8a39-4c7f1f0b2d11"

// Option configures a [Host] in [NewHost]. A nil Option changes nothing.
type Option func(*settings)

type settings struct {
	appID         string
	issuer        *remotetest.Issuer
	endpoint      string
	claims        []remotetest.TokenOption
	tokenLifetime time.Duration
	invokeTimeout time.Duration
	report        func(problem string)
	resources     []string
}

// WithAppID sets the app that tokens are issued for, an ARI. The default is [DefaultAppID].
func WithAppID(ari string) Option { return func(s *settings) { s.appID = ari } }

// WithIssuer sets the issuer that signs tokens, for a test that rotates its keys or moves its clock. By default, all
// hosts of the test program for the same app share one issuer, so that a key is made only once.
func WithIssuer(issuer *remotetest.Issuer) Option { return func(s *settings) { s.issuer = issuer } }

// WithEndpoint sets the key of the remote that InvokeRemote calls, as resolver.endpoint does in manifest.yml. The
// default is the only remote; if there are several, InvokeRemote is refused.
func WithEndpoint(remoteKey string) Option { return func(s *settings) { s.endpoint = remoteKey } }

// WithClaims changes the claims in tokens, such as the account or the installation. See also [Host.SetClaims].
func WithClaims(options ...remotetest.TokenOption) Option {
	return func(s *settings) { s.claims = append(s.claims, options...) }
}

// WithTokenLifetime sets how long the tokens of RequestRemote and of bridge.HostTokens are valid, in whole seconds.
// The default is 25 s.
func WithTokenLifetime(d time.Duration) Option { return func(s *settings) { s.tokenLifetime = d } }

// WithInvokeTimeout sets how long InvokeRemote and InvokeService wait for an answer. The default is the platform's 25
// s.
func WithInvokeTimeout(d time.Duration) Option { return func(s *settings) { s.invokeTimeout = d } }

// WithReport calls report, instead of failing the test, when a handler or a callback panics. report may be called by
// several goroutines at once.
func WithReport(report func(problem string)) Option { return func(s *settings) { s.report = report } }

// WithResources sets the keys of the app's resources, as in manifest.yml. A modal of another resource is then refused. By
// default, every resource exists.
func WithResources(keys ...string) Option {
	return func(s *settings) { s.resources = append([]string{}, keys...) }
}

// RemoteOption configures a remote in [Host.Remote]. A nil RemoteOption changes nothing.
type RemoteOption func(*remoteTarget)

// WithBaseURL sets the remote's base URL, as under remotes in manifest.yml. The default is "https://KEY.example.com".
func WithBaseURL(base string) RemoteOption { return func(r *remoteTarget) { r.base = base } }

// WithConfigurable lets an administrator set the remote's base URL by permissions.SetRemotes, as configurable in manifest.yml
// does: to one that matches one of the patterns (supportedPatterns), if there are any. Requests to the remote then go to
// the new address, and still reach its handler.
func WithConfigurable(patterns ...string) RemoteOption {
	return func(r *remoteTarget) { r.configurable, r.patterns = true, patterns }
}
