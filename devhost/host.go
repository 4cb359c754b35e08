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
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/objectstore"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/realtime"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Host is a local stand-in for the product, for one app.
type Host struct {
	manifest     *manifest.Manifest
	options      Options
	log          *slog.Logger
	installation *installation.Installation
	remotes      *backend.Remotes
	services     *backend.Services
	keys         *token.Keys
	faults       *Faults
	grants       *grants.Grants
	windows      *window.Windows
	realtime     *realtime.Service
	locale       userLocale
	objects      *objectstore.Store
	functions    *function.Host
	data         *productdata.Data
	proxy        *platform.Proxy
	// systemToken and userToken stand in for the platform's OAuth tokens. They open nothing.
	systemToken, userToken string
	// pageKey is the key of PageURL.
	pageKey string

	product, app *site
	transport    *http.Transport
}

// New loads and checks the manifest.yml of the app in dir and opens both ports. What connects is answered as soon as
// Serve runs. An error is the manifest's, an address's that is taken or not loopback, or a remote's.
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
		return nil, fmt.Errorf("manifest.yml: the local host keeps the resource key %q for itself; choose another", bridgeKey)
	}
	services, err := backend.NewServices(m, o.ServiceURLs)
	if err != nil {
		return nil, err
	}
	granted, err := grants.New(m)
	if err != nil {
		return nil, err
	}
	remotes, err := backend.NewRemotes(m, o.RemoteURLs, granted.RemoteAddress)
	if err != nil {
		return nil, err
	}
	product, err := listen(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("the product page: %w", err)
	}
	app, err := listen(o.AppAddr)
	if err != nil {
		product.Close()
		return nil, fmt.Errorf("the app's resources: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = maxHeader
	keys := token.NewKeys()
	place := installation.New(m, product.origin)
	objects := objectstore.New(app.origin + objectPath)
	windows := &window.Windows{}
	client := forward.Client(transport, o.InvokeTimeout)
	return &Host{
		manifest:     m,
		options:      o,
		log:          o.Logger,
		installation: place,
		remotes:      remotes,
		services:     services,
		keys:         keys,
		faults:       &Faults{keys: keys},
		grants:       granted,
		objects:      objects,
		functions:    &function.Host{Dir: m.Dir, Installation: place, Objects: objects, Client: client, Timeout: o.InvokeTimeout, Log: o.Logger, Stderr: o.Stderr},
		windows:      windows,
		realtime:     realtime.New(m.Dir, place, windows),
		data:         &productdata.Data{Dir: m.Dir, Client: client, Log: o.Logger},
		proxy:        &platform.Proxy{Transport: transport, Timeout: o.InvokeTimeout},
		systemToken:  localToken(),
		userToken:    localToken(),
		pageKey:      rand.Text(),
		product:      product,
		app:          app,
		transport:    transport,
	}, nil
}

// URL returns the address of the product's page, such as "http://127.0.0.1:4000/".
func (h *Host) URL() string { return h.product.origin + "/" }

// AppURL returns the root of the app's origin. A resource is below it, under its key.
func (h *Host) AppURL() string { return h.app.origin + "/" }

// JWKSURL returns the address of the key set that verifies this host's Forge Invocation Tokens.
func (h *Host) JWKSURL() string { return h.product.origin + jwksPath }

// SetRemoteURL sets where a remote is reached from now on, as Options.RemoteURLs does. A product page that is open has
// to be loaded again to follow. It is safe for concurrent use.
func (h *Host) SetRemoteURL(key, url string) error { return h.remotes.Set(key, url) }

// SetServiceURL sets where a container service is reached from now on, as Options.ServiceURLs does. It is safe for
// concurrent use.
func (h *Host) SetServiceURL(key, url string) error { return h.services.Set(key, url) }

// shutdownTime bounds how long Serve waits for answers under way.
const shutdownTime = 2 * time.Second

// Serve answers on both ports until ctx ends; then it ends what is under way, closes both and returns nil. It returns
// an error if a port fails before. A Host serves once.
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
	// ctx may have ended already, and what is under way still has a moment to finish.
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

// maxHeader bounds the header of a request and of an answer from a remote, in bytes. Chromium takes answers of 256 KB.
// Cookies make up most of it: browsers send those of every local server, because they keep them for all ports.
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

// Close closes both ports. It is for a Host that does not serve; the end of Serve's context does it otherwise.
func (h *Host) Close() error {
	return errors.Join(ignoreClosed(h.product.Close()), ignoreClosed(h.app.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// localToken is an opaque token that whoever finds it can tell from a real one, the page's traffic list included.
func localToken() string { return "forgego-local-" + rand.Text() }
