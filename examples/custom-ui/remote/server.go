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
	tasks, err := newStore(ctx, db)
	if err != nil {
		return fmt.Errorf("%s: %w", c.database, err)
	}

	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("cannot listen, is PORT taken? %w", err)
	}
	server := &http.Server{
		Handler:           newHandler(verifier, tasks, log),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		// The platform waits 25 seconds for an answer.
		WriteTimeout:   25 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
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
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
