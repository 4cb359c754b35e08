//go:build !js

package wasm

import (
	"context"
	"fmt"
	"os"
)

const noPage = "this program is the front end of a Forge app and runs in a web page: build it with \"forgego build\", or run it with \"forgego dev\""

// Run reports on standard error that there is no page, and exits with status 1. In a page (GOOS=js) it calls app and
// keeps the program alive as long as the page.
func Run(func(ctx context.Context) error) {
	fmt.Fprintln(os.Stderr, noPage)
	os.Exit(1)
}

// Go reports on standard error that there is no page. In a page (GOOS=js) it runs work in its own goroutine, shows
// its error or panic as [Run] does, and lets the program continue.
func Go(func(ctx context.Context) error) {
	fmt.Fprintln(os.Stderr, noPage)
}
