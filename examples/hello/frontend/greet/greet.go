// Package greet asks the backend for a greeting. It does not touch the page, so plain go test can run it.
package greet

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// Ask returns the backend's greeting for name.
func Ask(ctx context.Context, name string) (string, error) {
	return bridge.Post[string](ctx, "hello-api", "/hello", bridge.Form(map[string][]string{"name": {name}}))
}
