//go:build !js

package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// run is the page's program; outside a page, where wasm.Run never calls it, it only has to compile.
func run(context.Context) error { return bridge.ErrNoBridge }
