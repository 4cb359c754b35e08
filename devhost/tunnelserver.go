package devhost

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/resource"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// TunnelServer serves resources to Atlassian's forge tunnel: each one at / of the port that the manifest names as its
// tunnel.port. It adds a script to their pages, which loads them again after a change and shows problems over them. The page
// around them is Atlassian's, and so are the bridge and the policy.
//
// forge tunnel shows the pages of such a resource from that port, on the developer's machine:
// https://developer.atlassian.com/platform/forge/tunneling/
type TunnelServer struct {
	dir    string
	report func(Event)
	// resources holds the served resources, by key.
	resources map[string]*tunnelResource
	current   atomic.Pointer[manifest.Manifest]
	instance  string

	mu       sync.Mutex
	problems []Problem
}

// tunnelResource is one resource with its port and its open pages.
type tunnelResource struct {
	key     string
	port    int
	sites   []*site.Site
	version int
	pages   map[chan []byte]bool
}

// ErrNoTunnelPort means that a resource has no tunnel.port in manifest.yml.
var ErrNoTunnelPort = errors.New("the resource has no tunnel.port in manifest.yml")

// NewTunnelServer reads dir/manifest.yml and listens on the ports of the resources with these keys, on loopback only. Call
// Serve then. report gets errors of the pages; it may be nil, and several goroutines call it.
//
// Errors: those of the manifest, ErrNoTunnelPort, and those of ports in use.
func NewTunnelServer(dir string, keys []string, report func(Event)) (_ *TunnelServer, err error) {
	m, err := loadManifest(dir)
	if err != nil {
		return nil, err
	}
	if report == nil {
		report = func(Event) {}
	}
	s := &TunnelServer{dir: dir, report: report, resources: map[string]*tunnelResource{}, instance: rand.Text(), problems: []Problem{}}
	s.current.Store(m)
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	for _, key := range keys {
		r, ok := m.Resource(key)
		if !ok || r.TunnelPort == 0 {
			return nil, fmt.Errorf("resource %q: %w", key, ErrNoTunnelPort)
		}
		t := &tunnelResource{key: key, port: r.TunnelPort, pages: map[chan []byte]bool{}}
		s.resources[key] = t
		if err := t.listen(); err != nil {
			return nil, fmt.Errorf("resource %q: %w", key, err)
		}
	}
	return s, nil
}

// listen listens on both loopback addresses, because forge tunnel connects to localhost.
func (t *tunnelResource) listen() error {
	port := strconv.Itoa(t.port)
	for _, host := range []string{"127.0.0.1", "::1"} {
		l, err := site.Listen(net.JoinHostPort(host, port))
		if err != nil && host == "::1" && !supervise.InUse(err) {
			continue // This machine has no IPv6.
		}
		if err != nil {
			return err
		}
		t.sites = append(t.sites, l)
	}
	return nil
}

func (s *TunnelServer) close() {
	for _, t := range s.resources {
		for _, l := range t.sites {
			l.Close()
		}
	}
}

// URL returns the address at which a resource is served, such as "http://127.0.0.1:8901/", or "" if it is not.
func (s *TunnelServer) URL(key string) string {
	if t := s.resources[key]; t != nil {
		return t.sites[0].Origin + "/"
	}
	return ""
}

// PageURL returns the address of the first resource.
func (s *TunnelServer) PageURL() string {
	first := ""
	for key := range s.resources {
		if first == "" || key < first {
			first = key
		}
	}
	return s.URL(first)
}

// Serve answers requests until ctx ends. Then it ends unfinished requests, closes the ports and returns nil. Call it only
// once.
func (s *TunnelServer) Serve(ctx context.Context) error {
	defer s.close()
	servers := newServers(ctx, slog.DiscardHandler)
	for _, t := range s.resources {
		for _, l := range t.sites {
			servers.serve(l, s.handler(t))
		}
	}
	err := servers.wait()
	servers.shutdown()
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("serving forge tunnel: %w", err)
	}
	return nil
}

// Reload reads manifest.yml again. The pages load themselves again, because forge tunnel computes their policy from it when it
// is started again. A port that has changed is used after the next start only, which the error says.
func (s *TunnelServer) Reload() error {
	m, err := loadManifest(s.dir)
	if err != nil {
		return err
	}
	for key, t := range s.resources {
		if r, _ := m.Resource(key); r.TunnelPort != t.port {
			return fmt.Errorf("the tunnel.port of resource %q is no longer %d: start forgego tunnel again", key, t.port)
		}
	}
	s.current.Store(m)
	s.Refresh(Refresh{Part: ProductPage})
	return nil
}

// OpenPages returns how many pages are open and seen. A page that is hidden does not count.
func (s *TunnelServer) OpenPages() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, t := range s.resources {
		n += len(t.pages)
	}
	return n
}

// IsTunnelled reports whether another server shows a resource: all that this one does not serve.
func (s *TunnelServer) IsTunnelled(key string) bool { return s.resources[key] == nil }

// pageMessage is what open pages receive.
type pageMessage struct {
	// Version is that of the resource now. After is the one before, if Styles is all that has changed since then.
	Version  string    `json:"version"`
	After    string    `json:"after,omitempty"`
	Styles   []string  `json:"styles,omitempty"`
	Problems []Problem `json:"problems"`
}

func (s *TunnelServer) version(t *tunnelResource) string {
	return s.instance + "." + strconv.Itoa(t.version)
}

// Refresh makes the open pages show what has changed. A page that connects later compares its version, so it misses no
// change.
func (s *TunnelServer) Refresh(r Refresh) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.resources {
		if r.Resource != "" && r.Resource != t.key {
			continue
		}
		before := s.version(t)
		t.version++
		m := pageMessage{Version: s.version(t)}
		if r.Part == StyleSheets {
			m.After = before
			for _, path := range r.Paths {
				m.Styles = append(m.Styles, "/"+path)
			}
		}
		s.send(t, m)
	}
}

// SetProblems sets what the pages show over the app. Without problems, they show the app.
func (s *TunnelServer) SetProblems(problems []Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append([]Problem{}, problems...)
	for _, t := range s.resources {
		s.send(t, pageMessage{Version: s.version(t)})
	}
}

// send sends a message to the pages of a resource. A page that does not read loses it, and gets the last one instead.
func (s *TunnelServer) send(t *tunnelResource, m pageMessage) {
	text := s.encode(m)
	for page := range t.pages {
		for sent := false; !sent; {
			select {
			case page <- text:
				sent = true
			default:
				select {
				case <-page:
				default:
				}
			}
		}
	}
}

func (s *TunnelServer) encode(m pageMessage) []byte {
	m.Problems = s.problems
	return mustJSON(m)
}

// tunnelPrefix is the path of what forgego itself serves beside the resource.
const tunnelPrefix = "/__forgego/"

// tunnelScript returns the script that is added to the pages.
var tunnelScript = sync.OnceValue(func() []byte {
	return bundle("tunnel/client.js", jsbundle.Options{Banner: `"use strict";`})
})

func (s *TunnelServer) handler(t *tunnelResource) http.Handler {
	files := &resource.Server{
		Dir:    s.dir,
		Policy: func(*http.Request, []byte) string { return "" }, // forge tunnel sets it
		Inject: func(page []byte) []byte {
			s.mu.Lock()
			defer s.mu.Unlock()
			return policy.InjectBridge(page, tunnelPrefix+"client.js?version="+s.version(t), "")
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+tunnelPrefix+"client.js", func(w http.ResponseWriter, r *http.Request) {
		serveText(w, r, "client.js", tunnelScript())
	})
	mux.HandleFunc("GET "+tunnelPrefix+"overlay.css", func(w http.ResponseWriter, r *http.Request) {
		serveText(w, r, "overlay.css", asset("tunnel/overlay.css"))
	})
	mux.HandleFunc("GET "+tunnelPrefix+"events", func(w http.ResponseWriter, r *http.Request) { s.serveEvents(w, r, t) })
	mux.HandleFunc("POST "+tunnelPrefix+"errors", func(w http.ResponseWriter, r *http.Request) { s.serveErrors(w, r, t) })
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		of, ok := s.current.Load().Resource(t.key)
		if !ok || strings.HasPrefix(r.URL.Path, tunnelPrefix) {
			http.NotFound(w, r)
			return
		}
		files.Serve(w, r, of, strings.TrimPrefix(r.URL.Path, "/"))
	})
	return guardTunnel(mux)
}

// guardTunnel refuses requests from other places than this machine's browser with the app's page. forge tunnel passes on the
// Host of its own port, so any port of a loopback name is right. A website that makes its name resolve to 127.0.0.1 sends
// that name.
func guardTunnel(next http.Handler) http.Handler {
	// host is a name, or an address with brackets if it is one of IPv6, and perhaps a port.
	isLocal := func(host string) bool {
		if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
			if _, err := strconv.ParseUint(host[i+1:], 10, 16); err != nil {
				return false
			}
			host = host[:i]
		}
		return !strings.Contains(host, ":") == !strings.HasPrefix(host, "[") && weburl.IsLoopback(host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		if !isLocal(r.Host) {
			site.Refuse(w, http.StatusForbidden, fmt.Sprintf("This is forgego tunnel on this machine. The request was for the host %q.", r.Host))
			return
		}
		own := !slices.ContainsFunc(r.Header.Values("Origin"), func(origin string) bool {
			host, ok := strings.CutPrefix(origin, "http://")
			return !ok || host != r.Host
		})
		from := r.Header.Get("Sec-Fetch-Site")
		navigates := r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Method == http.MethodGet
		if !own || from != "" && from != "same-origin" && from != "none" && !navigates {
			site.Refuse(w, http.StatusForbidden, "This is forgego tunnel. Only the app's own pages may load this, and the request comes from a page of another origin.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
