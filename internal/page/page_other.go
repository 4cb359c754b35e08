//go:build !js

package page

import "context"

// Context returns a context that ends when the page is closed, with the cause [ErrClosed], and when the page stops the
// program, with the cause [ErrStopped]. Outside a page it does not end. It is created when first needed, so that a program
// that only links this package does not pay for it.
func Context() context.Context { return context.Background() }
