package wasm

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrPageClosed is the cause of a context that ended because the page went away.
var ErrPageClosed = errors.New("wasm: the page went away")

// PanicError is a panic of the app's code, as an error.
type PanicError struct {
	// Value is what panic was called with.
	Value any
	// Stack is the goroutine's stack at the panic, as runtime/debug gives it.
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap gives the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// protect calls f and turns a panic into a [*PanicError].
func protect(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
