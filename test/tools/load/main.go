// Command load sends many requests with verified Forge Invocation Tokens to the example's backend, one process with SQLite,
// and restarts the backend once in the middle. It prints the throughput, the latency, and the number of lost or doubled
// tasks. If a task was lost or doubled, or a request failed, the exit status is 1. All connections use the loopback address
// of this machine.
//
// Run it with "make load", or in the folder test/:
//
//	go run ./tools/load -duration 20s -clients 16 -installations 4
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
