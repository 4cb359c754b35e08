//go:build !tinygo

package usercode

import "runtime"

// Call calls f and then done, which may be nil. done gets the error that f returned, a [*PanicError] if f panicked,
// or [ErrGoexit] if f ended the goroutine; in that case the goroutine ends when done returns.
func Call(f func() error, done func(err error)) {
	err := ErrGoexit
	defer func() {
		if v := recover(); v != nil {
			if passed, ok := v.(*PanicError); ok {
				err = passed // with the stack of the panic itself
			} else {
				err = &PanicError{Value: v, Stack: stack()}
			}
		}
		if done != nil {
			done(err)
		}
	}()
	err = f()
}

// stack returns this goroutine's stack, at most 64 KiB of it.
func stack() []byte {
	b := make([]byte, 64<<10)
	return b[:runtime.Stack(b, false)]
}
