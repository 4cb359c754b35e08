//go:build !js

package bridge

// newPageFetcher gives no fetcher: outside GOOS=js there is no page.
func newPageFetcher() Fetcher { return nil }
