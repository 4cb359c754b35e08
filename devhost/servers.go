package devhost

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// shutdownTime is how long unfinished requests may take after the end of Serve's context.
const shutdownTime = time.Second

// maxHeader is the largest size of the header of a request, and of a response from a remote, in bytes. Chromium accepts
// responses with 256 KB. Most of a request's header are cookies: browsers send the cookies of all ports of a host.
const maxHeader = 256 << 10

// servers serves listeners until a context ends or one of them fails.
type servers struct {
	ctx    context.Context
	log    slog.Handler
	all    []*http.Server
	failed chan error
}

func newServers(ctx context.Context, log slog.Handler) *servers {
	return &servers{ctx: ctx, log: log, failed: make(chan error, 1)}
}

// serve starts to serve a listener. It is not safe for concurrent use.
func (s *servers) serve(l net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ErrorLog:          slog.NewLogLogger(s.log, slog.LevelDebug),
	}
	s.all = append(s.all, server)
	go func() {
		select {
		case s.failed <- server.Serve(l):
		default: // Another listener has failed, or nothing waits any more.
		}
	}()
}

// wait returns nil when the context ends, or the error of the first listener that fails.
func (s *servers) wait() error {
	select {
	case <-s.ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}

// shutdown closes the listeners and ends unfinished requests. The context may have ended: the requests still get some time.
func (s *servers) shutdown() {
	closing, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), shutdownTime)
	defer cancel()
	for _, server := range s.all {
		if server.Shutdown(closing) != nil {
			server.Close()
		}
	}
}
