//go:build !js

package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// run lets this package compile for other platforms, where wasm.Run does not call it.
func run(context.Context) error { return bridge.ErrNoBridge }
