package devhost

import (
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/forgego/forgego/internal/weburl"
)

// site is one of the host's two listeners together with the names that it answers to.
type site struct {
	net.Listener
	// origin is the canonical origin, such as "http://127.0.0.1:4000".
	origin string
	// hosts are the values of the Host header that mean this listener.
	hosts []string
}

// listen opens a loopback address, or says why not. It checks the address before it listens, and what the system made
// of the name after.
func listen(addr string) (*site, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w; write it as 127.0.0.1:PORT", addr, err)
	}
	if !weburl.IsLoopback(host) {
		return nil, fmt.Errorf("address %q: %w; use 127.0.0.1, [::1] or localhost", addr, ErrNotLoopback)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; another program may use the port", addr, err)
	}
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok || !at.IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("address %q leads to %s: %w", addr, l.Addr(), ErrNotLoopback)
	}
	return newSite(l, at), nil
}

func newSite(l net.Listener, at *net.TCPAddr) *site {
	port := strconv.Itoa(at.Port)
	s := &site{Listener: l}
	for _, name := range []string{at.IP.String(), "localhost"} {
		host := net.JoinHostPort(name, port)
		if at.Port == 80 {
			// A browser leaves the default port out of both Host and Origin.
			host = host[:len(host)-len(":80")]
		}
		s.hosts = append(s.hosts, host)
	}
	s.origin = "http://" + s.hosts[0]
	return s
}

func (s *site) answersTo(host string) bool { return slices.Contains(s.hosts, host) }
