// Package payload has what the packages of commands share: Go values into JSON, answers out of it, and the form of what
// goes wrong on the way.
package payload

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
)

// JSON returns value as encoding/json makes it, and nil for nil, which is JavaScript's undefined. A value that JSON has no
// form for, or that is nested too deeply, gives a [*bridge.Error] of op that is [bridge.ErrInvalidRequest] and the cause.
func JSON(op string, value any) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	b, err := nesting.Marshal(value)
	if err != nil {
		return nil, &bridge.Error{Op: op, Err: &kindError{bridge.ErrInvalidRequest, err}}
	}
	return b, nil
}

// Read reads an answer into a type of ours, which keeps as raw JSON what may nest. An answer of another form gives a
// [*bridge.Error] of op that is [bridge.ErrInvalidResponse].
func Read(op string, answer []byte, into any) error {
	return read(op, answer, into, nesting.UnmarshalShallow)
}

// ReadAs is Read into a type of the caller's, which may nest as deeply as the answer.
func ReadAs(op string, answer []byte, into any) error {
	return read(op, answer, into, nesting.Unmarshal)
}

func read(op string, answer []byte, into any, unmarshal func([]byte, any) error) error {
	if answer == nil {
		return Invalid(op, "the host answered nothing")
	}
	if err := unmarshal(answer, into); err != nil {
		return &bridge.Error{Op: op, Err: &kindError{bridge.ErrInvalidResponse, err}}
	}
	return nil
}

// Invalid gives a [*bridge.Error] of op that is [bridge.ErrInvalidResponse] and says what is wrong with the answer.
func Invalid(op, problem string) error {
	return &bridge.Error{Op: op, Err: &kindError{bridge.ErrInvalidResponse, problemError(problem)}}
}

// InvalidRequest gives a [*bridge.Error] of op that is [bridge.ErrInvalidRequest] and says what to do.
func InvalidRequest(op, problem string) error {
	return &bridge.Error{Op: op, Err: &kindError{bridge.ErrInvalidRequest, problemError(problem)}}
}

// False says that the host answered false, by which some commands say that they cannot be carried out here.
func False(answer bridge.Answer) bool { return string(answer.Payload) == "false" }

// Failed gives what a call of a [bridge.Object] failed with the form that [bridge.Client]'s calls share.
func Failed(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil && err == context.Cause(ctx) && err != ctx.Err() {
		err = &endedError{ctx.Err(), err}
	}
	return &bridge.Error{Op: op, Err: err}
}

type problemError string

func (e problemError) Error() string { return string(e) }

// kindError is a kind of failure with what says more.
type kindError struct{ kind, err error }

func (e *kindError) Error() string   { return e.kind.Error() + ": " + e.err.Error() }
func (e *kindError) Unwrap() []error { return []error{e.kind, e.err} }

// endedError is a call that its context ended, with the cause that the caller gave.
type endedError struct{ err, cause error }

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.err, e.cause} }
