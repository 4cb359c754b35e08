// Command remote is the backend of the Tasks app in one process: tasks over HTTP, stored in SQLite. It accepts only requests
// with a valid Forge Invocation Token, or a token that it issued for one.
//
// The service itself is package tasks. The folder worker runs the same service on Cloudflare Workers.
//
// These environment variables configure it:
//
//	FORGE_APP_ID           the app's id, app.id of manifest.yml; required
//	FORGE_JWKS_URL         the key set that verifies tokens; Atlassian's by default
//	FORGE_ALLOWED_ORIGINS  further origins whose pages may call, separated by commas
//	TASKS_URL              where pages find this remote, its baseUrl of manifest.yml; required, but under a local host the
//	                       default is the address that it listens on
//	TASKS_KEY              signs the tokens for direct requests: at least 32 random characters, kept secret; by default a new
//	                       one with each start
//	TASKS_DB               the database file; tasks.db in the current directory by default
//	HOST, PORT             where to listen; 127.0.0.1 and 8787 by default, port 0 for a free one
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)

	if err := start(ctx, os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "remote:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, getenv func(string) string) error {
	c, err := newConfig(getenv)
	if err != nil {
		return err
	}
	return serve(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, nil)), nil)
}
