// Package relay is a reverse proxy in front of one backend on this machine. It keeps the backend's address while the
// backend restarts: requests wait until the new process listens.
//
// It does not change what is tested through it. The request's target, the Host header, all end-to-end header fields,
// status, reason, bodies, trailers, 1xx answers and upgrades arrive as they were sent, without delay. A connection that
// one side breaks is broken on the other side too. It adds, decodes, follows and repeats nothing. Three things differ,
// because Go's own reader and writer of HTTP do them: the order of header fields with different names, and the case of
// their names, are not kept; a message with "Pragma: no-cache" and without Cache-Control gets "Cache-Control: no-cache",
// which means the same; and a request that Go's server refuses as malformed, such as one with a lone % in its path, gets
// the refusal here.
//
// It listens on loopback only. It does not check the Host header: it passes the field on, so a website that makes its own
// name resolve to 127.0.0.1 reaches the backend as it would at the backend's own port, which is on the same machine. The
// relay itself has no answer that such a website could read. Which origins may read answers is the backend's decision.
package relay

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/forgego/forgego/internal/cors"
	"github.com/forgego/forgego/internal/loopback"
)

const (
	// headLimit is the largest head of a request or an answer, in bytes. It is the default of Go's server.
	headLimit = http.DefaultMaxHeaderBytes
	// waitingLimit is how many requests may wait at once.
	waitingLimit = 1000
	// headTime is how long a client may take to send the head of a request. Browsers open connections before they need
	// them, so it is not short.
	headTime = time.Minute
	// idleTime is how long a client's connection may stay unused. Chromium closes its own after 5 minutes.
	idleTime = 10 * time.Minute
	// dialTime limits connecting to the backend. On one machine this succeeds or fails at once.
	dialTime = 10 * time.Second
)

// Options configure a Relay. The zero value is valid.
type Options struct {
	// Wait is how long a request waits for a backend that starts. The default is 10 seconds.
	Wait time.Duration
	// Kind is what texts for people call the backend. The default is "remote".
	Kind string
	// Report is called at the end of each exchange, and also when a stream, an upgraded connection or an answer that the
	// page's browser will refuse begins. Several goroutines call it at once. An exchange ends only after Report returns. The
	// default reports nothing.
	Report func(Exchange)
}

// Relay forwards requests from one address to a backend whose address may change.
type Relay struct {
	listener *net.TCPListener
	server   *http.Server
	gate     *gate
	dialer   net.Dialer
	kind     string
	cors     cors.Server
	report   func(Exchange)
	numbers  atomic.Uint64
	// closing ends the exchanges that http.Server does not know any more: upgraded connections.
	closing context.Context
	close   context.CancelFunc

	// mu orders the start of an exchange before or after the end of closing.
	mu        sync.Mutex
	exchanges sync.WaitGroup
}

// Listen listens on an address as [loopback.Listen] does. Until the first Forward or Fail, requests wait, as they do after
// Hold. Call Serve next.
func Listen(addr string, o Options) (*Relay, error) {
	l, err := loopback.Listen(addr)
	if err != nil {
		return nil, err
	}
	if o.Wait <= 0 {
		o.Wait = 10 * time.Second
	}
	if o.Kind == "" {
		o.Kind = "remote"
	}
	if o.Report == nil {
		o.Report = func(Exchange) {}
	}
	r := &Relay{
		listener: l,
		gate:     newGate(o.Wait, waitingLimit),
		dialer:   net.Dialer{Timeout: dialTime},
		kind:     o.Kind,
		cors:     cors.Server{Kind: o.Kind, Advice: "Allow the origins in FORGE_ALLOWED_ORIGINS."},
		report:   o.Report,
	}
	r.closing, r.close = context.WithCancel(context.Background())
	r.server = &http.Server{
		Handler:                      http.HandlerFunc(r.serve),
		DisableGeneralOptionsHandler: true,
		MaxHeaderBytes:               headLimit,
		ReadHeaderTimeout:            headTime,
		IdleTimeout:                  idleTime,
		BaseContext:                  func(net.Listener) context.Context { return r.closing },
		ConnContext:                  withClientConn,
	}
	return r, nil
}

// Addr returns the address that the relay listens on, such as "127.0.0.1:8080".
func (r *Relay) Addr() string { return r.listener.Addr().String() }

// Forward sends new requests, and those that wait, to a TCP address from now on. Requests that an earlier backend has
// continue there.
func (r *Relay) Forward(addr string) { r.gate.set(state{phase: forwarding, addr: addr}) }

// Hold makes new requests wait until the next Forward, for at most Options.Wait. Then their connections close without an
// answer. Requests that the backend has continue there.
//
// Call it, and then Drain, before the backend stops: a request that was sent is never sent again, so a request that the
// backend has when it stops may be lost. It is then reported as Broken.
//
// A browser sends a request once more if a connection that it used before closes without an answer. So such a request may
// wait twice.
func (r *Relay) Hold() { r.gate.set(state{phase: holding}) }

// Drain waits until the backend has answered all requests that it has, or until ctx ends, whose cause it then returns. It
// does not wait for event streams and upgraded connections, which may never end. Call Hold before it.
func (r *Relay) Drain(ctx context.Context) error {
	select {
	case <-r.gate.drained():
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Fail ends new requests, and those that wait, without an answer, as if nothing listened. err says why the backend is
// down; its text becomes part of Problem.Text.
func (r *Relay) Fail(err error) { r.gate.set(state{phase: failed, err: err}) }

// Serve forwards requests until ctx ends or Close is called; then it returns nil. It returns after the last exchange has
// ended and was reported. Call it once.
func (r *Relay) Serve(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = r.Close() })
	defer stop()
	err := r.server.Serve(clientListener{r.listener})
	_ = r.Close()
	r.exchanges.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// begin counts an exchange that Serve waits for. It reports false after Close.
func (r *Relay) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing.Err() != nil {
		return false
	}
	r.exchanges.Add(1)
	return true
}

// Close stops listening and breaks all connections. It does not wait for the end of exchanges; Serve does.
func (r *Relay) Close() error {
	r.mu.Lock()
	r.close()
	r.mu.Unlock()
	err := r.server.Close()
	// If Serve was never called, the server does not know the listener.
	if closeErr := r.listener.Close(); !errors.Is(closeErr, net.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}
