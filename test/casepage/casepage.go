//go:build js

// Package casepage is the frame of a program that plays cases in a page when a test asks for them. It is compiled by both
// compilers.
package casepage

import (
	"context"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/wasm"
)

// Run is the whole main: it gives the page the function check(name), which plays the case of that name and gives what
// does not hold, or "". A case has at most limit.
func Run(limit time.Duration, play func(ctx context.Context, name string) error) {
	wasm.Run(func(context.Context) error {
		_, err := wasm.Export("check", func(ctx context.Context, args []safejs.Value) (any, error) {
			name, err := args[0].String()
			if err != nil {
				return nil, err
			}
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			if err := play(ctx, name); err != nil {
				return err.Error(), nil
			}
			return "", nil
		})
		return err
	})
}
