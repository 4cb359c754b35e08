package devhost

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/forgego/forgego/devhost/internal/backend"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/devhost/internal/function"
	"github.com/forgego/forgego/devhost/internal/grants"
	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/invocation"
	"github.com/forgego/forgego/devhost/internal/objectstore"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/realtime"
	"github.com/forgego/forgego/devhost/internal/resource"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Host imitates the product for one app.
type Host struct {
	manifest *manifest.Manifest
	log      *slog.Logger
	fitTTL   time.Duration
	// pageKey is the key in PageURL.
	pageKey string

	product, app *site.Site
	transport    *http.Transport

	installation *installation.Installation
	remotes      *backend.Remotes
	services     *backend.Services
	keys         *token.Keys
	faults       *Faults
	grants       *grants.Grants
	languages    *i18n.Languages
	resources    *resource.Server
	objects      *objectstore.Store
	functions    *function.Caller
	invocations  *invocation.Caller
	data         *productdata.Data
	windows      *window.Windows
	realtime     *realtime.Service
}

// New loads the manifest.yml in dir, the app's folder, and listens on both ports. Requests are answered as soon as Serve
// runs. New returns an error if the manifest is invalid, if an address is in use or not loopback, or if a remote is unknown.
func New(dir string, o Options) (*Host, error) {
	m, err := manifest.Load(dir)
	if err != nil {
		return nil, err
	}
	if _, err := manifest.LoadTranslations(dir); err != nil {
		return nil, err
	}
	return newHost(m, o)
}

func newHost(m *manifest.Manifest, o Options) (*Host, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if _, taken := m.Resource(bridgeKey); taken {
		return nil, fmt.Errorf("manifest.yml: the local host reserves the resource key %q; choose another", bridgeKey)
	}
	h := &Host{manifest: m, log: o.Logger, fitTTL: o.FITTTL, pageKey: rand.Text()}
	if h.services, err = backend.NewServices(m, o.ServiceURLs); err != nil {
		return nil, err
	}
	if h.grants, err = grants.New(m); err != nil {
		return nil, err
	}
	if h.remotes, err = backend.NewRemotes(m, o.RemoteURLs, h.grants.RemoteAddress); err != nil {
		return nil, err
	}
	if h.product, err = site.Listen(o.Addr); err != nil {
		return nil, fmt.Errorf("the product page: %w", err)
	}
	if h.app, err = site.Listen(o.AppAddr); err != nil {
		h.product.Close()
		return nil, fmt.Errorf("the app's resources: %w", err)
	}
	h.transport = http.DefaultTransport.(*http.Transport).Clone()
	h.transport.MaxResponseHeaderBytes = maxHeader
	client := forward.Client(h.transport, o.InvokeTimeout)

	h.keys = token.NewKeys()
	h.faults = &Faults{keys: h.keys}
	h.installation = installation.New(m, h.product.Origin)
	h.languages = i18n.New(m.Dir, o.Logger)
	h.resources = &resource.Server{Dir: m.Dir, Policy: h.appPolicy, Inject: h.injectBridge}
	h.objects = objectstore.New(h.app.Origin + objectPath)
	h.functions = &function.Caller{
		Dir: m.Dir, Installation: h.installation, Objects: h.objects, Client: client, Timeout: o.InvokeTimeout, Log: o.Logger, Stderr: o.Stderr,
	}
	h.invocations = &invocation.Caller{
		Manifest: m, Installation: h.installation, Remotes: h.remotes, Services: h.services, Keys: h.keys, Log: o.Logger,
		Proxy:       &platform.Proxy{Transport: h.transport, Timeout: o.InvokeTimeout},
		SystemToken: invocation.LocalToken(), UserToken: invocation.LocalToken(),
	}
	h.data = &productdata.Data{Dir: m.Dir, Client: client, Log: o.Logger}
	h.windows = &window.Windows{}
	h.realtime = realtime.New(m.Dir, h.installation, h.windows)
	return h, nil
}

// appPolicy returns the content security policy of a page of the app.
func (h *Host) appPolicy(page []byte) string {
	m := h.grants.Apply(h.manifest)
	return policy.Local(m, page, h.product.Origin, policy.Additions(m, h.remotes.Local()))
}

func (h *Host) injectBridge(page []byte) []byte {
	return policy.InjectBridge(page, bridgePath, h.product.Origin)
}

// URL returns the address of the product's page, such as "http://127.0.0.1:4000/".
func (h *Host) URL() string { return h.product.Origin + "/" }

// AppURL returns the root of the app's origin, such as "http://127.0.0.1:4001/". Each resource is below it at its key.
func (h *Host) AppURL() string { return h.app.Origin + "/" }

// JWKSURL returns the address of the key set that verifies this host's Forge Invocation Tokens.
func (h *Host) JWKSURL() string { return h.product.Origin + jwksPath }

// SetRemoteURL sets the local base URL of a remote, as Options.RemoteURLs does. An open product page must be loaded again
// to use it. It is safe for concurrent use.
func (h *Host) SetRemoteURL(key, url string) error { return h.remotes.Set(key, url) }

// SetServiceURL sets the local base URL of a container service, as Options.ServiceURLs does. It is safe for concurrent use.
func (h *Host) SetServiceURL(key, url string) error { return h.services.Set(key, url) }

// shutdownTime is how long Serve waits for unfinished requests.
const shutdownTime = 2 * time.Second

// Serve answers requests on both ports until ctx ends. Then it ends unfinished requests, closes both ports and returns nil.
// If a port fails before, Serve returns an error. Call Serve only once.
func (h *Host) Serve(ctx context.Context) error {
	defer h.transport.CloseIdleConnections()
	servers := []*http.Server{h.server(ctx, h.productHandler()), h.server(ctx, h.appHandler())}
	failed := make(chan error, len(servers))
	for i, l := range []net.Listener{h.product, h.app} {
		go func() { failed <- servers[i].Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	// ctx may have ended. Unfinished requests still get some time.
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(closing) != nil {
			s.Close()
		}
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serving the local host: %w", err)
	}
	return nil
}

// maxHeader is the largest size of the header of a request, and of a response from a remote, in bytes. Chromium accepts
// responses with 256 KB. Most of a request's header are cookies: browsers send the cookies of all ports of a host.
const maxHeader = 256 << 10

func (h *Host) server(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(h.log.Handler(), slog.LevelDebug),
	}
}

// Close closes both ports. Call it if Serve is never called. Serve closes them itself.
func (h *Host) Close() error {
	return errors.Join(ignoreClosed(h.product.Close()), ignoreClosed(h.app.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
