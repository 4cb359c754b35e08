//go:build !js

package bridge

// newPageHost returns nil: outside GOOS=js there is no page.
func newPageHost() Host { return nil }
