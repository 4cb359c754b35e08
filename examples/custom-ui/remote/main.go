// Command remote is the backend of the Tasks app in one process: tasks over HTTP, stored in SQLite. It accepts only requests
// with a valid Forge Invocation Token, or a token that it issued for one.
//
// The service itself is package tasks. The folder worker runs the same service on Cloudflare Workers.
//
// These environment variables configure it:
//
//	FORGE_APP_ID           the app's id, app.id of manifest.yml; required
//	FORGE_REMOTE_URL       where pages reach this remote, its baseUrl of manifest.yml; required
//	FORGE_JWKS_URL         the key set that verifies tokens; Atlassian's by default, and always on a server
//	FORGE_ALLOWED_ORIGINS  further origins whose pages may call, separated by commas
//	TASKS_KEY              signs the tokens for direct requests: at least 32 random characters, kept secret; by default a new
//	                       one with each start
//	TASKS_DB               the database file; tasks.db in the current directory by default
//	HOST, PORT             where to listen; 127.0.0.1 and 8787 by default, port 0 for a free one. With HOST=0.0.0.0, other
//	                       machines can connect
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/forgego/forgego/examples/custom-ui/remote/sqlite"
	"github.com/forgego/forgego/examples/custom-ui/remote/tasks"
	"github.com/forgego/forgego/remote"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)

	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "remote:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context) error {
	c, err := newConfig()
	if err != nil {
		return err
	}
	return serve(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, nil)), nil)
}

// config is the part of the configuration that concerns this process.
type config struct {
	database string
	addr     string
}

func newConfig() (config, error) {
	port := cmp.Or(os.Getenv("PORT"), "8787")
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return config{}, fmt.Errorf("PORT is %q; set it to a number from 0 to 65535", port)
	}
	return config{
		database: cmp.Or(os.Getenv("TASKS_DB"), "tasks.db"),
		addr:     net.JoinHostPort(cmp.Or(os.Getenv("HOST"), "127.0.0.1"), port),
	}, nil
}

// shutdownTime limits how long the program waits for current requests when it stops.
const shutdownTime = 10 * time.Second

// serve serves requests until ctx ends, then waits for the current ones. If ready is not nil, serve sends the address when it
// listens.
func serve(ctx context.Context, c config, log *slog.Logger, ready chan<- net.Addr) error {
	exchange, err := tasks.NewExchange(remote.WithLogger(log))
	if err != nil {
		return err
	}
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
	server := tasks.NewServer(service.Handler(exchange), log)
	log.Info("listening", "url", "http://"+listener.Addr().String(), "database", c.database)
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
