package devhost

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/forgego/forgego/internal/platform"
)

// Options configures a Host. The zero value is ready to use.
type Options struct {
	// Addr is the address of the product's page. The default "127.0.0.1:0" takes a free port. It must be a loopback
	// address.
	Addr string
	// AppAddr is the address of the app's resources, which is the iframe's origin. The default "127.0.0.1:0" takes a free
	// port. It must be a loopback address with another port than Addr.
	AppAddr string
	// RemoteURLs maps keys of remotes to local base URLs. Other remotes have the baseUrl in manifest.yml.
	RemoteURLs map[string]string
	// ServiceURLs maps keys of container services to local base URLs. invokeService fails for other services.
	ServiceURLs map[string]string
	// FITTTL is how long tokens of requestRemote and of signInvocationTokenForUI are valid. The default is 25 s, the minimum
	// one second. Atlassian does not document how long its tokens are valid. Tokens of invokeRemote are always valid for
	// 25 s, as on the platform.
	FITTTL time.Duration
	// InvokeTimeout limits invokeRemote, invokeService and invoke. The default is 25 s, as on the platform.
	InvokeTimeout time.Duration
	// Logger gets one record for each call that the host performs, without tokens and bodies. By default nothing is logged.
	Logger *slog.Logger
	// Stderr gets what the commands of functions write to their standard error, line by line, after the function's key. By
	// default it is discarded.
	Stderr io.Writer
	// Report gets the calls and errors of the app's pages, and the state of its tunnels. It is called by several goroutines. By default the pages report
	// nothing.
	Report func(Event)
	// Open opens a place in the developer's editor. It must refuse files that are not the developer's, because the product's
	// page names the file. It is called by several goroutines. By default the page does not offer to open places.
	Open func(Place) error
}

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
		return o, fmt.Errorf("the lifetime of tokens is %s; it must be at least one second", o.FITTTL)
	}
	if o.InvokeTimeout < 0 {
		return o, fmt.Errorf("the time limit of invocations is %s; it cannot be negative", o.InvokeTimeout)
	}
	return o, nil
}
