package wasm

import (
	"errors"
	"runtime"
	"strconv"
)

// ErrPageClosed is the cause of a context that ended because the page went away.
var ErrPageClosed = errors.New("wasm: the page went away")

// PanicError is a panic of the app's code, as an error.
type PanicError struct {
	// Value is what panic was called with.
	Value any
	// Stack is the goroutine's stack at the panic, as package runtime gives it.
	Stack []byte
}

func (e *PanicError) Error() string { return "panic: " + panicText(e.Value) }

// panicText gives the text of what programs panic with. Package fmt would do it for every value, and be a tenth of a small
// program.
func panicText(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return "a value that is neither an error nor text"
}

// Unwrap gives the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

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
