//go:build !js

package bridge

// newPageFetcher returns nil: outside GOOS=js there is no page.
func newPageFetcher() Fetcher { return nil }
