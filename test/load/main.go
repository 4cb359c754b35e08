// Command load drives the example's backend, one process with SQLite, with verified Forge Invocation Tokens, and restarts
// it once in the middle. It prints throughput, latency, and whether a task was lost or doubled; if one was, or a request
// failed, it ends with status 1. Everything is on this machine's loopback address.
//
// Run it by "make load", or in the folder test/:
//
//	go run ./load -duration 20s -clients 16 -installations 4
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	var c config
	flag.DurationVar(&c.duration, "duration", 20*time.Second, "how long to send requests, at most 10 minutes")
	flag.IntVar(&c.clients, "clients", 16, "how many clients send one request after another, at most 256")
	flag.IntVar(&c.installations, "installations", 4, "how many installations they belong to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	result, err := run(ctx, c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	fmt.Print(result)
	if !result.good() {
		os.Exit(1)
	}
}
