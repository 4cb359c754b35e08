// Package tunnel forwards requests for a resource to the developer's own server, such as vite's, as forge tunnel does.
package tunnel

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/forgego/forgego/devhost/internal/site"
)

const (
	// maxHeader is the largest size of the header of an answer, in bytes.
	maxHeader = 256 << 10
	// probeTime is how often a missing server is looked for.
	probeTime = 250 * time.Millisecond
)

// loopback lists the addresses that the name localhost may stand for. Node.js listens on one of them only.
var loopback = []string{"127.0.0.1", "::1"}

// errNotListening means that no server listens on the port.
var errNotListening = errors.New("no server listens on the port")

// Server is a server on a port of this machine.
type Server struct {
	// Port is where it listens, on 127.0.0.1 or ::1.
	Port int

	onChange  func(listens bool)
	transport *http.Transport
	errorLog  *log.Logger
	closing   context.Context
	close     context.CancelFunc
	// address is the index of the address in loopback that was used last.
	address atomic.Int32

	mu    sync.Mutex
	state state
}

type state int

const (
	unknown state = iota
	listening
	missing
)

// NewServer returns the server on a port. It calls onChange at the first request, and whenever the server starts or stops
// listening. It notices an end at the latest at the next request, and a start without any. errorLog gets faults of
// connections. Call Close at the end.
func NewServer(port int, onChange func(listens bool), errorLog *log.Logger) *Server {
	s := &Server{Port: port, onChange: onChange, errorLog: errorLog}
	s.closing, s.close = context.WithCancel(context.Background())
	s.transport = &http.Transport{
		DialContext:            func(ctx context.Context, _, _ string) (net.Conn, error) { return s.dial(ctx) },
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		IdleConnTimeout:        time.Minute,
	}
	return s
}

// Close ends what the Server does on its own. Requests that it has continue.
func (s *Server) Close() {
	s.close()
	s.transport.CloseIdleConnections()
}

// Listens reports whether the server listened at the last request, or has begun to listen since.
func (s *Server) Listens() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == listening
}

func (s *Server) dial(ctx context.Context) (net.Conn, error) {
	first := int(s.address.Load())
	for i := range loopback {
		at := (first + i) % len(loopback)
		c, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(loopback[at], strconv.Itoa(s.Port)))
		if err == nil {
			s.address.Store(int32(at))
			return c, nil
		}
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return nil, errNotListening
}

// set keeps whether the server listens.
func (s *Server) set(listens bool) {
	now := missing
	if listens {
		now = listening
	}
	s.mu.Lock()
	changed := s.state != now
	s.state = now
	s.mu.Unlock()
	if !changed {
		return
	}
	s.onChange(listens)
	if !listens {
		go s.probe()
	}
}

// probe waits until the server listens.
func (s *Server) probe() {
	ticks := time.NewTicker(probeTime)
	defer ticks.Stop()
	for {
		select {
		case <-s.closing.Done():
			return
		case <-ticks.C:
		}
		if s.Listens() {
			return
		}
		if c, err := s.dial(s.closing); err == nil {
			c.Close()
			s.set(true)
			return
		}
	}
}

// Page says what the pages of the app get.
type Page struct {
	// Policy returns the content security policy of a page. It gets nil for other files.
	Policy func(page []byte) string
	// Inject returns a page with the bridge's script.
	Inject func(page []byte) []byte
	// Missing answers GET and HEAD while no server listens.
	Missing http.HandlerFunc
}

// Forward answers a request as the server does, to which it sends the same method, target, host and header fields. Web
// sockets work.
func (s *Server) Forward(w http.ResponseWriter, r *http.Request, p Page) {
	proxy := httputil.ReverseProxy{
		Transport: s.transport,
		// What the server has sent must not wait for the rest.
		FlushInterval: -1,
		ErrorLog:      s.errorLog,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", net.JoinHostPort("localhost", strconv.Itoa(s.Port))
			r.Out.URL.RawQuery = r.In.URL.RawQuery // ReverseProxy removes what Go cannot parse.
			// Pages are changed, and on one machine compression saves nothing.
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: func(res *http.Response) error {
			s.set(true)
			return p.change(res)
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if !errors.Is(err, errNotListening) {
				site.Refuse(w, http.StatusBadGateway, fmt.Sprintf("There is no usable answer of the server on port %d: %v.", s.Port, err))
				return
			}
			s.set(false)
			if r.Header.Get("Upgrade") == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
				p.Missing(w, r)
				return
			}
			site.Refuse(w, http.StatusBadGateway, fmt.Sprintf("No server listens on port %d.", s.Port))
		},
	}
	proxy.ServeHTTP(w, r)
}
