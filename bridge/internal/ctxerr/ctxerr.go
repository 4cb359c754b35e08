// Package ctxerr says why a context ended.
package ctxerr

import (
	"context"
	"errors"
)

// Of returns the reason why ctx ended: ctx.Err(), or an error with the text of the cause that the caller set, in which
// errors.Is finds both.
func Of(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == cause {
		return err
	}
	return &endedError{err, cause}
}

// Replace returns [Of] ctx if ctx has ended and err is the cause, and otherwise err.
func Replace(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	cause := context.Cause(ctx)
	// For a cause whose type cannot be compared, such as []string, == would panic and errors.Is returns false. Then err is
	// most likely the cause.
	if !errors.Is(cause, cause) || err == cause {
		return Of(ctx)
	}
	return err
}

type endedError struct{ err, cause error }

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.err, e.cause} }
