//go:build !js

package bridge

// watchNetwork returns no channels: outside GOOS=js there is no browser.
func watchNetwork() (offline, online <-chan struct{}, stop func()) { return nil, nil, func() {} }

// isOffline returns false: outside GOOS=js there is no browser.
func isOffline() bool { return false }
