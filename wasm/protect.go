//go:build !tinygo

package wasm

import "runtime"

// stack gives the stack of this goroutine, up to 64 KiB of it.
func stack() []byte {
	b := make([]byte, 64<<10)
	return b[:runtime.Stack(b, false)]
}

// protect calls f and turns a panic into a [*PanicError].
func protect(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: stack()}
		}
	}()
	return f()
}
