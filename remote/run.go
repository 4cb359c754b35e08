package remote

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// panicError reports that the user's code panicked. Its text is one line. The stack is for the log.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return "panic: " + clip(fmt.Sprint(e.value)) }

var (
	errGoexit = errors.New("runtime.Goexit was called, as t.Fatal does")
	errLate   = errors.New("no answer in time")
)

// run calls f, which runs the user's code, in a new goroutine and returns its result. It returns an error if f panics or ends
// its goroutine. If ctx ends first, run returns errLate without waiting for f, and discards its result.
func run[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		r := result{err: errGoexit}
		defer func() {
			if v := recover(); v != nil {
				r = result{err: &panicError{v, debug.Stack()}}
			}
			done <- r
		}()
		r.value, r.err = f(ctx)
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, errLate
	}
}
