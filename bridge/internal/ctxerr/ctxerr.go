// Package ctxerr says why a context ended.
package ctxerr

import "context"

// Of returns the reason why ctx ended: ctx.Err(), or an error with the text of the cause that the caller set, in which
// errors.Is finds both.
func Of(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == cause {
		return err
	}
	return &endedError{err, cause}
}

type endedError struct{ err, cause error }

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.err, e.cause} }
