// Forgego writes, runs and builds Atlassian Forge Custom UI apps whose front end is written in Go.
//
//	forgego new         writes a new app
//	forgego dev         runs an app on this machine
//	forgego mcp         does the same for an agent, by the Model Context Protocol
//	forgego build       builds the bundles of an app's Go front ends
//	forgego module      builds a Go program for a page that is written in JavaScript
//	forgego types       writes the TypeScript types of the functions that a program exports
//	forgego vite        writes the plugin for Vite
//	forgego check       reports what forge deploy or a site would refuse
//	forgego tunnel      serves an app's front ends to forge tunnel
//	forgego doctor      says which tools are installed, and what to do
//	forgego completion  prints a script that completes commands and flags in a shell
//	forgego version     prints the versions
//
// The exit status is 0 after success, 1 after an error, and 2 for wrong arguments. dev, mcp, tunnel and build --watch run until
// they are stopped, so Ctrl-C is success for them. Another command that Ctrl-C stops before its end has the status 1.
//
// Standard output has what other programs read:
//
//   - of dev and tunnel, the line "ready: URL", for which scripts wait
//   - of dev --events json, the events instead of that line
//   - of mcp, the messages of the protocol
//   - of check, completion, doctor, module, types and version, their results
//   - the text of --help
//
// Everything else goes to standard error.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, stopSignals()...)
	go func() {
		<-signals
		// From here on, a second Ctrl-C kills the program.
		signal.Stop(signals)
		fmt.Fprintln(os.Stderr, "Stopping. Press Ctrl-C again to kill.")
		stop()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
