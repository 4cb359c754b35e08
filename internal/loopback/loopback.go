// Package loopback listens on addresses that no other machine can reach.
package loopback

import (
	"errors"
	"fmt"
	"net"

	"github.com/forgego/forgego/internal/weburl"
)

// ErrNotLoopback means that other machines could reach an address.
var ErrNotLoopback = errors.New("forgego listens on loopback only")

// Listen listens on a loopback address, such as "127.0.0.1:8080". The system chooses the port if it is 0. Listen checks the
// address before it listens, and again after the system has resolved the name.
//
// The error matches ErrNotLoopback if other machines could reach the address.
func Listen(addr string) (*net.TCPListener, error) {
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
	// The name localhost may resolve to anything.
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("address %q resolves to %s: %w", addr, l.Addr(), ErrNotLoopback)
	}
	return l.(*net.TCPListener), nil
}
