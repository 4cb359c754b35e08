package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/forgego/forgego/examples/custom-ui/remote/sqlite"
	"github.com/forgego/forgego/examples/custom-ui/remote/tasks"
	"github.com/forgego/forgego/remote"
)

// shutdownTime limits how long the program waits for current requests when it stops.
const shutdownTime = 10 * time.Second

// serve serves requests until ctx ends, then waits for the current ones. If ready is not nil, serve sends the address when it
// listens.
func serve(ctx context.Context, c config, log *slog.Logger, ready chan<- net.Addr) error {
	db, err := sqlite.Open(c.database)
	if err != nil {
		return fmt.Errorf("TASKS_DB: %w", err)
	}
	defer db.Close()
	if err := tasks.Migrate(ctx, db); err != nil {
		return fmt.Errorf("%s: %w", c.database, err)
	}
	service := tasks.New(db, tasks.WithLogger(log))

	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("cannot listen, is PORT taken? %w", err)
	}
	c.BaseURL = cmp.Or(c.BaseURL, "http://"+listener.Addr().String())
	exchange, err := c.NewExchange(remote.WithLogger(log))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := tasks.NewServer(service.Handler(exchange), log)
	log.Info("listening", "url", "http://"+listener.Addr().String(), "app", c.AppID, "database", c.database)
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
	service.Close()
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
