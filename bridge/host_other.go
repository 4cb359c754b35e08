//go:build !js

package bridge

// newPageHost gives no host: outside GOOS=js there is no page.
func newPageHost() Host { return nil }
