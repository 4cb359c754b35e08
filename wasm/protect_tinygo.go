//go:build tinygo

package wasm

// protect calls f. TinyGo has no recover on WebAssembly: a panic ends the program, and the shim shows that it has ended.
func protect(f func() error) error { return f() }
