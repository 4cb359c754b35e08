// Package site listens for one origin of the local host, and refuses requests that must not reach it.
package site

import (
	"net"
	"slices"
	"strconv"

	"github.com/forgego/forgego/internal/loopback"
)

// Site is a listener and the names that it answers to.
type Site struct {
	net.Listener
	// Origin is the canonical origin, such as "http://127.0.0.1:4000".
	Origin string
	// Hosts lists the accepted values of the Host header. The first one is part of Origin.
	Hosts []string
}

// Listen listens on an address as [loopback.Listen] does.
func Listen(addr string) (*Site, error) {
	l, err := loopback.Listen(addr)
	if err != nil {
		return nil, err
	}
	at := l.Addr().(*net.TCPAddr)
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
	return s, nil
}

func (s *Site) answersTo(host string) bool { return slices.Contains(s.Hosts, host) }
