// Package usercode runs code that the app gave: token sources, callbacks, handlers, readers. In a goroutine of the
// library's, a panic of such code would end the whole program, and a call of [runtime.Goexit] would leave whoever waits
// for it waiting for ever. Here both are errors.
//
// TinyGo has no recover on WebAssembly: there a panic ends the program, and the shim shows that it has ended.
package usercode

import (
	"context"
	"errors"
)

// ErrGoexit is the error of code that ended its goroutine.
var ErrGoexit = errors.New("it ended its goroutine by runtime.Goexit, as FailNow and Fatal of a test do")

// Failed reports whether err is that the code did not return at all: a [*PanicError] or [ErrGoexit], as [Call] gives them.
func Failed(err error) bool {
	_, panicked := err.(*PanicError)
	return panicked || err == ErrGoexit
}

// Run calls f, and shows a panic of it as [ShowPanic] does.
func Run(f func()) {
	Call(func() error {
		f()
		return nil
	}, ShowPanic)
}

// Go calls f and done in a goroutine of their own, as [Call] does.
func Go(f func() error, done func(err error)) { go Call(f, done) }

// Wait calls f in a goroutine of its own and returns what f returns, or a [*PanicError], which is shown as [Show] does, or
// [ErrGoexit]. It returns context.Cause(ctx) as soon as ctx ends, even if f goes on.
func Wait[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	var r result
	Go(func() (err error) {
		r.value, err = f()
		return err
	}, func(err error) {
		r.err = err
		// Even if a method of the error ends the goroutine.
		defer func() { done <- r }()
		ShowPanic(err)
	})
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}
