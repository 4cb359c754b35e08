// Package greet asks the backend for a greeting. It does not touch the page, so plain go test can run it.
package greet

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// Ask returns the backend's greeting for name.
func Ask(ctx context.Context, name string) (string, error) {
	resp, err := bridge.RequestRemote(ctx, "hello-api", bridge.Request{
		Method: "POST",
		Path:   "/hello",
		Body:   bridge.Form(map[string][]string{"name": {name}}),
	})
	if err != nil {
		return "", err
	}
	if err := resp.Err(); err != nil {
		return "", err
	}
	return resp.Text()
}
