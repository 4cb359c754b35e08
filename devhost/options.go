package devhost

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/forgego/forgego/internal/platform"
)

// Options adjust a Host. The zero value works.
type Options struct {
	// Addr is where the product's page listens; "127.0.0.1:0" by default, which takes a free port. An address that is
	// not loopback is an error.
	Addr string
	// AppAddr is where the app's resources are served, the iframe's origin; "127.0.0.1:0" by default. It must be
	// another port than Addr's.
	AppAddr string
	// RemoteURLs are local base URLs by remote key. A remote that is not here is reached at the baseUrl of manifest.yml.
	RemoteURLs map[string]string
	// ServiceURLs are local base URLs of container services, by service key. invokeService refuses one that is not here.
	ServiceURLs map[string]string
	// FITTTL is how long a token of requestRemote and of signInvocationTokenForUI is valid; 25 s by default. Atlassian does not document the real
	// lifetime. A token of invokeRemote is always valid for 25 s, as on the platform.
	FITTTL time.Duration
	// InvokeTimeout is how long invokeRemote, invokeService and invoke wait; 25 s by default, as on the platform.
	InvokeTimeout time.Duration
	// Logger gets one record for each call that the host performs, without tokens and bodies. Nothing by default.
	Logger *slog.Logger
	// Stderr gets what the commands of functions write to their standard error, line by line, with the function's key in
	// front. Nothing by default.
	Stderr io.Writer
}

// invokeFITTTL is the documented lifetime of invokeRemote's token.
const invokeFITTTL = 25 * time.Second

const anyPort = "127.0.0.1:0"

func (o Options) withDefaults() (Options, error) {
	if o.Addr == "" {
		o.Addr = anyPort
	}
	if o.AppAddr == "" {
		o.AppAddr = anyPort
	}
	if o.FITTTL == 0 {
		o.FITTTL = 25 * time.Second
	}
	if o.InvokeTimeout == 0 {
		o.InvokeTimeout = platform.Timeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Stderr == nil {
		o.Stderr = io.Discard
	}
	if o.FITTTL < time.Second {
		return o, fmt.Errorf("the token's lifetime is %s; it must be at least one second", o.FITTTL)
	}
	if o.InvokeTimeout < 0 {
		return o, fmt.Errorf("the time limit of invocations is %s; it cannot be negative", o.InvokeTimeout)
	}
	return o, nil
}
