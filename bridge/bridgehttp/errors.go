package bridgehttp

import (
	"context"
	"errors"
	"fmt"

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

func invalid(field, problem string) error {
	return fmt.Errorf("%w: %s: %s", bridge.ErrInvalidRequest, field, problem)
}

func invalidBody(problem string, cause error) error {
	return fmt.Errorf("%w: Body: %s: %w", bridge.ErrInvalidRequest, problem, cause)
}
