package devhost

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/forgego/forgego/devhost/internal/diagnosis"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/kvs"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/devhost/internal/token"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/objectstore"
)

// Host imitates the product for one app.
type Host struct {
	dir     string
	options settings
	log     *slog.Logger
	// pageKey is the key in PageURL.
	pageKey string

	product, app *site.Site
	transport    *http.Transport
	keys         *token.Keys
	faults       *Faults
	objects      *objectstore.Store
	values       kvs.Store
	windows      *window.Windows
	questions    questions
	startCodes   startCodes
	failures     *diagnosis.Seen
	tunnelSites  tunnelSites
	// changes are those of the modules' contexts.
	changes installation.Changes

	// deploying serializes changes of current.
	deploying sync.Mutex
	current   atomic.Pointer[deployment]
	problems  atomic.Pointer[[]Problem]
	versions  versions
}

// New loads the manifest.yml in dir, the app's folder, and listens on both ports, and on one more for each resource with a
// tunnel. Requests are answered as soon as Serve runs. New returns an error if the manifest or a translation is invalid, if
// an address is in use or not loopback, if a remote or service is unknown, or if an option has an invalid value.
func New(dir string, options ...Option) (*Host, error) {
	m, err := loadManifest(dir)
	if err != nil {
		return nil, err
	}
	var s settings
	for _, option := range options {
		if option != nil {
			option(&s)
		}
	}
	return newHost(m, s)
}

// loadManifest reads the manifest and checks its translations.
func loadManifest(dir string) (*manifest.Manifest, error) {
	m, err := manifest.Load(dir)
	if err != nil {
		return nil, err
	}
	if _, err := manifest.LoadTranslations(dir); err != nil {
		return nil, err
	}
	return m, nil
}

func newHost(m *manifest.Manifest, o settings) (*Host, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Host{dir: m.Dir, options: o, log: o.logger, pageKey: rand.Text(), keys: token.NewKeys(), windows: &window.Windows{}, failures: &diagnosis.Seen{}}
	h.objects = objectstore.New()
	h.faults = &Faults{keys: h.keys, changed: h.showFaults}
	h.versions.instance = rand.Text()
	h.transport = http.DefaultTransport.(*http.Transport).Clone()
	h.transport.MaxResponseHeaderBytes = maxHeader
	if h.product, err = site.Listen(o.addr); err != nil {
		return nil, fmt.Errorf("the product page: %w", err)
	}
	if h.app, err = site.Listen(o.appAddr); err != nil {
		h.product.Close()
		return nil, fmt.Errorf("the app's resources: %w", err)
	}
	d, err := h.deploy(m, o.remoteURLs, o.serviceURLs)
	if err != nil {
		h.Close()
		return nil, err
	}
	h.current.Store(d)
	return h, nil
}

// URL returns the address of the product's page, such as "http://127.0.0.1:4000/".
func (h *Host) URL() string { return h.product.Origin + "/" }

// AppURL returns the root of the app's origin, such as "http://127.0.0.1:4001/". Each resource is below it at its key, except
// those with a tunnel.
func (h *Host) AppURL() string { return h.app.Origin + "/" }

// JWKSURL returns the address of the key set that verifies this host's Forge Invocation Tokens.
func (h *Host) JWKSURL() string { return h.product.Origin + jwksPath }

// SetRemoteURL sets the local base URL of a remote, as [WithRemoteURLs] does. An empty url removes it. An open product page
// must be loaded again to use it. It is safe for concurrent use.
func (h *Host) SetRemoteURL(key, url string) error {
	h.deploying.Lock()
	defer h.deploying.Unlock()
	return h.current.Load().remotes.Set(key, url)
}

// RemoteURL returns the local base URL of a remote, or "" if it has none.
func (h *Host) RemoteURL(key string) string { return h.current.Load().remotes.Local()[key] }

// SetServiceURL sets the local base URL of a container service, as [WithServiceURLs] does. An empty url removes it. It is
// safe for concurrent use.
func (h *Host) SetServiceURL(key, url string) error {
	h.deploying.Lock()
	defer h.deploying.Unlock()
	return h.current.Load().services.Set(key, url)
}

// Serve answers requests on all ports until ctx ends. It then closes the ports, waits at most one second for unfinished
// requests, and returns nil. If a port fails earlier, Serve returns its error. Call Serve only once.
func (h *Host) Serve(ctx context.Context) error {
	defer h.transport.CloseIdleConnections()
	servers := newServers(ctx, h.log.Handler())
	servers.serve(h.product, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.current.Load().productHandler.ServeHTTP(w, r) }))
	servers.serve(h.app, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.current.Load().appHandler.ServeHTTP(w, r) }))
	h.tunnelSites.forEach(func(name string, l *site.Site) { servers.serve(l, h.tunnelHandler(name, l)) })
	err := servers.wait()
	h.tunnelSites.forEach(func(_ string, l *site.Site) { l.Close() })
	h.deploying.Lock()
	h.current.Load().closeTunnels(nil)
	h.deploying.Unlock()
	servers.shutdown()
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serving the local host: %w", err)
	}
	return nil
}

// Close closes all ports. Call it if Serve is never called. Serve closes them itself.
func (h *Host) Close() error {
	h.tunnelSites.forEach(func(_ string, l *site.Site) { l.Close() })
	return errors.Join(ignoreClosed(h.product.Close()), ignoreClosed(h.app.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
