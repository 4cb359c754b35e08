// Package site listens for one origin of the local host, and refuses requests that must not reach it.
package site

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/forgego/forgego/internal/weburl"
)

// ErrNotLoopback means that other machines could reach an address.
var ErrNotLoopback = errors.New("the local host listens on loopback only")

// Site is a listener and the names that it answers to.
type Site struct {
	net.Listener
	// Origin is the canonical origin, such as "http://127.0.0.1:4000".
	Origin string
	// Hosts lists the accepted values of the Host header. The first one is part of Origin.
	Hosts []string
}

// Listen listens on a loopback address. It checks the address before it listens, and again after the system has resolved
// the name.
func Listen(addr string) (*Site, error) {
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
		return nil, fmt.Errorf("address %q resolves to %s: %w", addr, l.Addr(), ErrNotLoopback)
	}
	return newSite(l, at), nil
}

func newSite(l net.Listener, at *net.TCPAddr) *Site {
	port := strconv.Itoa(at.Port)
	s := &Site{Listener: l}
	for _, name := range []string{at.IP.String(), "localhost"} {
		host := net.JoinHostPort(name, port)
		if at.Port == 80 {
			// Browsers leave out the default port in Host and Origin.
			host = host[:len(host)-len(":80")]
		}
		s.Hosts = append(s.Hosts, host)
	}
	s.Origin = "http://" + s.Hosts[0]
	return s
}

func (s *Site) answersTo(host string) bool { return slices.Contains(s.Hosts, host) }
