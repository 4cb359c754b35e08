package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// failed is the exit status when the program did not get to give its own.
const failed = 2

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: GOOS=js GOARCH=wasm go test -exec PATH/browserexec PACKAGES")
		os.Exit(failed)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := run(ctx, os.Args[1], os.Args[2:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browserexec:", err)
		status = failed
	}
	os.Exit(status)
}

func run(ctx context.Context, binary string, args []string) (int, error) {
	flags, err := parse(args)
	if err != nil {
		return 0, err
	}
	if flags.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, flags.limit, fmt.Errorf("the page hangs: it still runs after %v", flags.limit))
		defer cancel()
	}
	server, err := serve(binary, flags.args)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	return show(ctx, server.URL)
}
