//go:build !js

package page

import "context"

// Context returns a context that does not end, because there is no page.
func Context() context.Context { return context.Background() }
