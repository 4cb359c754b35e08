package bridgehttp

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

// callError is a [*bridge.Error] that says whether time ran out: url.Error asks the error itself, and not its causes.
type callError struct{ err *bridge.Error }

func (e *callError) Error() string { return e.err.Error() }
func (e *callError) Unwrap() error { return e.err }

// Timeout reports whether a deadline passed or the platform gave up waiting for the remote.
func (e *callError) Timeout() bool {
	return errors.Is(e.err, context.DeadlineExceeded) || errors.Is(e.err, bridge.ErrTimeout)
}

// fail gives err the form that all failures share.
func (t *Transport) fail(err error) error {
	var e *bridge.Error
	if !errors.As(err, &e) {
		e = &bridge.Error{Op: t.op, Remote: t.remoteKey, Err: err}
	}
	return &callError{e}
}

// invalidError is a request that cannot be sent, with its cause if that is somebody else's error.
type invalidError struct {
	text  string
	cause error
}

func (e *invalidError) Error() string { return "invalid request: " + e.text }

func (e *invalidError) Unwrap() []error {
	if e.cause == nil {
		return []error{bridge.ErrInvalidRequest}
	}
	return []error{bridge.ErrInvalidRequest, e.cause}
}

func invalid(field, problem string) error { return &invalidError{text: field + ": " + problem} }

// endedError is a call that its context ended, with the cause that the caller gave.
type endedError struct{ err, cause error }

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.err, e.cause} }

// ended gives why ctx ended.
func ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == cause {
		return err
	}
	return &endedError{err, cause}
}
