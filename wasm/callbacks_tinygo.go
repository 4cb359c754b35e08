//go:build tinygo

package wasm

// hasCallbacks returns true: TinyGo's reflect cannot find out.
func hasCallbacks[T any]() bool { return true }
