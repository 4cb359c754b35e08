package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/forgego/forgego/remote"
)

// shutdownTime is how long requests under way may take when the program is to end.
const shutdownTime = 10 * time.Second

// serve listens until ctx ends, then lets the requests under way finish. If ready is not nil, it gets the address once
// the program listens.
func serve(ctx context.Context, c config, log *slog.Logger, ready chan<- net.Addr) error {
	verifier, err := remote.New(c.appID,
		remote.WithJWKSURL(c.jwksURL),
		remote.WithAllowedOrigins(c.origins...),
		remote.WithLogger(log))
	if err != nil {
		return err
	}
	db, err := openSQLite(c.database)
	if err != nil {
		return err
	}
	defer db.Close()
	saved, err := newStore(ctx, db)
	if err != nil {
		return fmt.Errorf("%s: %w", c.database, err)
	}
	tasks := newLive(saved)

	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("cannot listen, is PORT taken? %w", err)
	}
	exchange, err := remote.NewExchange(verifier, map[string]string{remoteKey: c.publicURL(listener.Addr())})
	if err != nil {
		return errors.Join(fmt.Errorf("TASKS_URL: %w", err), listener.Close())
	}
	server := newServer(newHandler(exchange, tasks, log), log)
	log.Info("listening", "url", "http://"+listener.Addr().String(), "app", c.appID, "database", c.database)
	if ready != nil {
		ready <- listener.Addr()
	}

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping")
	tasks.brokers.close() // or the event streams would not end
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// newServer returns a server with deadlines for small requests. Handlers that need more time give it to themselves.
func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		// The platform waits 25 seconds for an answer.
		WriteTimeout:   25 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
