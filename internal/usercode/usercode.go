// Package usercode runs the app's code: token sources, callbacks, handlers, readers. In a goroutine of this module, a
// panic of such code would end the whole program, and a call of [runtime.Goexit] would leave its waiters waiting
// forever. This package turns both into errors.
//
// TinyGo has no recover on WebAssembly: there a panic ends the program, and the shim shows that it has ended.
package usercode

import (
	"context"
	"errors"
)

// ErrGoexit means that the code ended its goroutine.
var ErrGoexit = errors.New("it ended its goroutine by runtime.Goexit, as a test's FailNow and Fatal do")

// Failed reports whether err means that the code did not return: a [*PanicError] or [ErrGoexit], as [Call] returns
// them.
func Failed(err error) bool {
	return IsPanic(err) || err == ErrGoexit
}

// IsPanic reports whether err is a [*PanicError] itself.
func IsPanic(err error) bool {
	_, ok := err.(*PanicError)
	return ok
}

// Run calls f, and shows a panic as [ShowPanic] does.
func Run(f func()) {
	Call(func() error {
		f()
		return nil
	}, ShowPanic)
}

// Go calls f and done in a new goroutine, as [Call] does.
func Go(f func() error, done func(err error)) { go Call(f, done) }

// Wait calls f in a new goroutine and returns its result, a [*PanicError], which it shows as [Show] does, or
// [ErrGoexit]. When ctx ends, it returns context.Cause(ctx) at once, even if f is still running.
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
