// Forgego runs and builds Atlassian Forge Custom UI apps whose front end is written in Go.
//
//	forgego dev      runs an app on this machine
//	forgego build    makes the bundles of an app's Go front ends
//	forgego version  says which forgego this is
//
// It exits with 0 when all went well, which for dev includes Ctrl-C, with 1 after an error and when a build was stopped,
// and with 2 when it was called wrongly. Everything but the line that scripts wait for, "ready: URL", goes to the standard error.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals()...)
	context.AfterFunc(ctx, func() {
		// From here on a second Ctrl-C kills, as if nobody listened.
		stop()
		fmt.Fprintln(os.Stderr, "Stopping. Ctrl-C again kills.")
	})
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
