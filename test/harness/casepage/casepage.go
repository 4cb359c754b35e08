//go:build js

// Package casepage holds the main function of a program that runs cases in a page when a test asks for them. Both compilers
// can compile it.
package casepage

import (
	"context"
	"time"

	"github.com/forgego/forgego/wasm"
)

// Run is the whole main function. It defines the function check(name) in the page. check runs the case of that name and
// returns its error as text, or "" if there is none. A case may take at most limit.
func Run(limit time.Duration, play func(ctx context.Context, name string) error) {
	wasm.Run(func(ctx context.Context) error {
		return Export(ctx, "check", func(ctx context.Context, args []string) (string, error) {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			if err := play(ctx, args[0]); err != nil {
				return err.Error(), nil
			}
			return "", nil
		})
	})
}
