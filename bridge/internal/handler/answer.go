package handler

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// Answer returns the callback at path in a payload that calls f with its arguments, and passes its result or its error
// to the host. It also shows the error, because hosts may not. ctx is the context of f.
func Answer(ctx context.Context, path string, f func(ctx context.Context, arguments []byte) (result []byte, err error)) bridge.Callback {
	h := New(ctx)
	return bridge.Callback{Path: path, Answer: func(arguments []byte) (result []byte, err error) {
		h.Call(func(ctx context.Context) error {
			result, err = f(ctx, arguments)
			return err
		})
		return result, err
	}}
}
