package devhost

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/devhost/internal/tunnel"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/stableport"
)

// tunnelSites holds the listeners of resources with a tunnel: a server of the developer serves their pages. Each resource
// has an origin of its own, because such servers use absolute paths, such as /@vite/client. It has one for each site,
// because the policy of a page depends on the site. A listener is made when it is needed first, and stays until the end, so
// that the origin of a resource stays the same.
type tunnelSites struct {
	mu sync.Mutex
	// byName has a listener for each result of folder.
	byName map[string]*site.Site
	// each is called with each new listener: see forEach.
	each func(name string, l *site.Site)
}

// forEach calls do for all listeners. It also calls do for each listener that is added later. Another call of forEach replaces
// do.
func (s *tunnelSites) forEach(do func(name string, l *site.Site)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.each = do
	for name, l := range s.byName {
		do(name, l)
	}
}

// get returns the listener with a name. It calls listen with the number of the others if there is none.
func (s *tunnelSites) get(name string, listen func(others int) (*site.Site, error)) (*site.Site, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.byName[name]; ok {
		return l, nil
	}
	l, err := listen(len(s.byName))
	if err != nil {
		return nil, err
	}
	if s.byName == nil {
		s.byName = map[string]*site.Site{}
	}
	s.byName[name] = l
	if s.each != nil {
		s.each(name, l)
	}
	return l, nil
}

// has reports whether a listener matches.
func (s *tunnelSites) has(matches func(*site.Site) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.byName {
		if matches(l) {
			return true
		}
	}
	return false
}

// openTunnels listens for each resource with a tunnel, for the first site. A tunnel that the current deployment has to the
// same port goes on.
func (d *deployment) openTunnels() error {
	d.tunnels = map[string]*tunnel.Server{}
	var open map[string]*tunnel.Server
	if current := d.current.Load(); current != nil {
		open = current.tunnels
	}
	for _, r := range d.manifest.Resources {
		if r.TunnelPort == 0 {
			continue
		}
		if _, err := d.tunnelSite(r.Key, 1); err != nil {
			return err
		}
		d.tunnels[r.Key] = open[r.Key]
		if s := open[r.Key]; s == nil || s.Port != r.TunnelPort {
			d.tunnels[r.Key] = tunnel.NewServer(r.TunnelPort, d.tunnelChange(r), slog.NewLogLogger(d.log.Handler(), slog.LevelDebug))
		}
	}
	// A tunnel to this host would never end its requests.
	for _, r := range d.manifest.Resources {
		isOwn := func(l *site.Site) bool { return portOf(l) == r.TunnelPort }
		if isOwn(d.product) || isOwn(d.app) || d.tunnelSites.has(isOwn) {
			return fmt.Errorf("manifest.yml: the tunnel of resource %q leads to port %d, on which the local host itself listens; use the port of your development server, or another address for the local host",
				r.Key, r.TunnelPort)
		}
	}
	return nil
}

// closeTunnels ends the tunnels that are not in kept.
func (d *deployment) closeTunnels(kept map[string]*tunnel.Server) {
	for key, s := range d.tunnels {
		if kept[key] != s {
			s.Close()
		}
	}
}

// tunnelSite returns the listener of a resource with a tunnel for a site.
func (d *deployment) tunnelSite(key string, number int) (*site.Site, error) {
	l, err := d.tunnelSites.get(folder(key, number), d.listenForTunnel)
	if err != nil {
		return nil, fmt.Errorf("the tunnel of resource %q: %w", key, err)
	}
	return l, nil
}

// listenForTunnel listens on the next port after the app's, so that a page finds its browser storage again next time. If
// that one is in use or belongs to a development server, it is another one that is the same next time.
func (d *deployment) listenForTunnel(others int) (l *site.Site, err error) {
	host, next := d.app.Addr().(*net.TCPAddr).IP.String(), portOf(d.app)+1+others
	listen := func(addr string) error {
		for _, r := range d.manifest.Resources {
			if r.TunnelPort != 0 && addr == net.JoinHostPort(host, strconv.Itoa(r.TunnelPort)) {
				return errors.New("the port belongs to a development server")
			}
		}
		l, err = site.Listen(addr)
		return err
	}
	if next > 65535 || listen(net.JoinHostPort(host, strconv.Itoa(next))) != nil {
		err = stableport.Listen(host, fmt.Sprint(d.app.Origin, " ", next), listen)
	}
	return l, err
}

func portOf(l *site.Site) int { return l.Addr().(*net.TCPAddr).Port }

// tunnelHandler serves the listener of a resource with a tunnel. The name is a result of folder.
func (h *Host) tunnelHandler(name string, l *site.Site) http.HandlerFunc {
	key, number, _ := cutFolder(name)
	return func(w http.ResponseWriter, r *http.Request) {
		d := h.current.Load()
		resource, _ := d.manifest.Resource(key)
		if d.tunnels[key] == nil {
			site.Refuse(w, http.StatusNotFound, fmt.Sprintf("The resource %q in manifest.yml has no tunnel any more. Load the page around the app again.", key))
			return
		}
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.serveTunnel(w, r, resource, number, l.Origin) })
		l.GuardHost(site.GuardSite(d.product.Origin, l.GuardPages(handler))).ServeHTTP(w, r)
	}
}

// serveTunnel serves the bridge, translations and stored objects as newAppHandler does. It forwards all other requests
// without a change of their path.
func (d *deployment) serveTunnel(w http.ResponseWriter, r *http.Request, resource manifest.Resource, number int, origin string) {
	if strings.HasPrefix(r.URL.Path, "/"+bridgeKey+"/") || strings.HasPrefix(r.URL.Path, "/"+platform.TranslationFolder+"/") {
		own := http.NewServeMux()
		d.handleBridge(own)
		own.HandleFunc("GET /"+platform.TranslationFolder+"/{name}", func(w http.ResponseWriter, r *http.Request) {
			d.languages.Serve(w, r.PathValue("name"))
		})
		noSniff(own).ServeHTTP(w, r)
		return
	}
	d.tunnels[resource.Key].Forward(w, r, tunnel.Page{
		Policy:  func(page []byte) string { return d.appPolicy(number, page, policy.OwnSockets(origin)) },
		Inject:  d.injectBridge,
		Missing: func(w http.ResponseWriter, r *http.Request) { d.serveWithoutTunnel(w, r, resource, number) },
	})
}

// serveWithoutTunnel serves a file of a resource while its development server does not listen.
func (d *deployment) serveWithoutTunnel(w http.ResponseWriter, r *http.Request, resource manifest.Resource, number int) {
	r.SetPathValue("key", folder(resource.Key, number)) // for filePolicy
	if name := strings.TrimPrefix(r.URL.Path, "/"); d.resources.Has(resource, name) {
		noSniff(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.resources.Serve(w, r, resource, name) })).ServeHTTP(w, r)
		return
	}
	site.Refuse(w, http.StatusBadGateway, fmt.Sprintf("No server listens on port %d of this machine, the tunnel.port of the resource %q in manifest.yml, and its folder %s does not have this file.\n"+
		"Start your development server, for example with npm run dev. Then this page is loaded again.", resource.TunnelPort, resource.Key, resource.Path))
}

// tunnelChange returns what to do when a resource's development server begins or ceases to listen.
func (h *Host) tunnelChange(resource manifest.Resource) func(listens bool) {
	var missed atomic.Bool
	return func(listens bool) {
		e := Event{Type: EventTunnel, Unit: "resource", Name: resource.Key, Status: "ok", Text: fmt.Sprintf("shown by the server on port %d", resource.TunnelPort)}
		if !listens {
			e.Status, e.Text = "failed", fmt.Sprintf("no server listens on port %d, so the files in %s are shown until one does", resource.TunnelPort, resource.Path)
			if !h.current.Load().resources.Has(resource, manifest.IndexPage) {
				e.Text = fmt.Sprintf("no server listens on port %d yet; the page waits for your development server, such as npm run dev", resource.TunnelPort)
			}
		}
		h.emit(e)
		if before := missed.Swap(!listens); before && listens {
			h.Refresh(Refresh{Part: AppPage, Resource: resource.Key})
		}
	}
}

// IsTunnelled reports whether a development server shows a resource now. Then changes of the resource's files concern
// that server, and not the pages.
func (h *Host) IsTunnelled(resource string) bool {
	s := h.current.Load().tunnels[resource]
	return s != nil && s.Listens()
}

// AppOrigins returns the origins of the app's pages: first that of AppURL, then those of the resources with a tunnel, which
// have one for each site.
func (h *Host) AppOrigins() []string {
	d := h.current.Load()
	origins := []string{d.app.Origin}
	dev, err := devfile.Load(d.dir)
	if err != nil {
		dev = &manifest.Dev{} // Each request of the page returns the error.
	}
	for _, s := range d.installed.Sites(dev.Context) {
		origins = append(origins, d.tunnelOrigins(s.Number)...)
	}
	return origins
}

// tunnelOrigins returns the origins of the resources with a tunnel for a site.
func (d *deployment) tunnelOrigins(number int) (origins []string) {
	for _, r := range d.manifest.Resources {
		if d.tunnels[r.Key] == nil {
			continue
		}
		if l, err := d.tunnelSite(r.Key, number); err == nil {
			origins = append(origins, l.Origin)
		}
	}
	return origins
}

// resourceURL returns the address of a resource's pages for a site. It ends with a slash.
func (d *deployment) resourceURL(key string, number int) string {
	if d.tunnels[key] != nil {
		l, err := d.tunnelSite(key, number)
		if err == nil {
			return l.Origin + "/"
		}
		d.log.Error("product page", "error", err) // The files are shown instead.
	}
	return d.app.Origin + "/" + folder(key, number) + "/"
}

// isAppOrigin reports whether an origin is that of pages of the app.
func (h *Host) isAppOrigin(origin string) bool {
	return origin == h.app.Origin || h.tunnelSites.has(func(l *site.Site) bool { return l.Origin == origin })
}

// objectURL returns the base of the addresses of stored objects for a page of the app.
func (h *Host) objectURL(origin string) string {
	if !h.isAppOrigin(origin) {
		origin = h.app.Origin
	}
	return origin + objectPath
}
