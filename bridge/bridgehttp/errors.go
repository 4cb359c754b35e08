package bridgehttp

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge"
)

// callError is a [*bridge.Error] with a Timeout method. url.Error calls that method on the error itself and does not
// look at its causes.
type callError struct{ err *bridge.Error }

func (e *callError) Error() string { return e.err.Error() }
func (e *callError) Unwrap() error { return e.err }

// Timeout reports whether a deadline passed or the platform gave up waiting for the remote.
func (e *callError) Timeout() bool {
	return errors.Is(e.err, context.DeadlineExceeded) || errors.Is(e.err, bridge.ErrTimeout)
}

// fail converts err to the form that all failures share.
func (t *Transport) fail(err error) error {
	var e *bridge.Error
	if !errors.As(err, &e) {
		e = &bridge.Error{Op: t.op, Remote: t.remoteKey, Err: err}
	}
	return &callError{e}
}

// invalidError is a request that cannot be sent. cause is nil unless another error is the reason.
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
