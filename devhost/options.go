package devhost

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/forgego/forgego/devhost/internal/function"
	"github.com/forgego/forgego/internal/functions"
	"github.com/forgego/forgego/internal/platform"
)

// Option changes a Host. [New] returns an error for an invalid option; a nil option changes nothing.
type Option func(*settings)

// settings are what options set. The zero value has the defaults.
type settings struct {
	addr, appAddr                string
	remoteURLs, serviceURLs      map[string]string
	tokenLifetime, invokeTimeout time.Duration
	logger                       *slog.Logger
	stderr                       io.Writer
	report                       func(Event)
	open                         func(Place) error
	functions                    function.Runner
}

// WithAddr sets the address of the product's page. It must be a loopback address. The default "127.0.0.1:0" takes a free port.
func WithAddr(addr string) Option { return func(s *settings) { s.addr = addr } }

// WithAppAddr sets the address of the app's resources, which is the iframe's origin. It must be a loopback address with
// another port than the product's page. The default "127.0.0.1:0" takes a free port.
func WithAppAddr(addr string) Option { return func(s *settings) { s.appAddr = addr } }

// WithRemoteURLs maps keys of remotes to local base URLs. Other remotes have the baseUrl in manifest.yml.
func WithRemoteURLs(urls map[string]string) Option { return func(s *settings) { s.remoteURLs = urls } }

// WithServiceURLs maps keys of container services to local base URLs. invokeService fails for other services.
func WithServiceURLs(urls map[string]string) Option {
	return func(s *settings) { s.serviceURLs = urls }
}

// WithTokenLifetime sets how long the tokens of requestRemote and of signInvocationTokenForUI are valid. The default is 25 s,
// the minimum one second. Atlassian does not document how long its tokens are valid. Tokens of invokeRemote are always valid
// for 25 s, as on the platform.
func WithTokenLifetime(d time.Duration) Option { return func(s *settings) { s.tokenLifetime = d } }

// WithInvokeTimeout limits invokeRemote, invokeService and invoke. The default is 25 s, as on the platform.
func WithInvokeTimeout(d time.Duration) Option { return func(s *settings) { s.invokeTimeout = d } }

// WithLogger sets the logger that gets one record for each call that the host performs, without tokens and bodies. By default
// nothing is logged.
func WithLogger(l *slog.Logger) Option { return func(s *settings) { s.logger = l } }

// WithStderr sets what gets the text that commands of functions write to their standard error, line by line, after the
// function's key. By default it is discarded.
func WithStderr(w io.Writer) Option { return func(s *settings) { s.stderr = w } }

// WithReport sets a function that gets the host's events: see [EventType]. Several goroutines call it. By default there is
// none, and the pages report nothing.
func WithReport(f func(Event)) Option { return func(s *settings) { s.report = f } }

// WithOpen sets a function that opens a place in the developer's editor. It must refuse files that are not the developer's,
// because the product's page names the file. It is called by several goroutines. By default the page does not offer to open
// places.
func WithOpen(f func(Place) error) Option { return func(s *settings) { s.open = f } }

func init() {
	functions.HostOption = func(r *functions.Runner) any { return Option(func(s *settings) { s.functions = r }) }
}

const anyPort = "127.0.0.1:0"

func (s settings) withDefaults() (settings, error) {
	if s.addr == "" {
		s.addr = anyPort
	}
	if s.appAddr == "" {
		s.appAddr = anyPort
	}
	if s.tokenLifetime == 0 {
		s.tokenLifetime = platform.TokenLifetime
	}
	if s.invokeTimeout == 0 {
		s.invokeTimeout = platform.Timeout
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.stderr == nil {
		s.stderr = io.Discard
	}
	if s.tokenLifetime < time.Second {
		return s, fmt.Errorf("the lifetime of tokens is %s; it must be at least one second", s.tokenLifetime)
	}
	if s.invokeTimeout < 0 {
		return s, fmt.Errorf("the time limit of invocations is %s; it cannot be negative", s.invokeTimeout)
	}
	return s, nil
}
