// Package payload holds what the command packages share: encoding Go values as JSON, decoding answers, and wrapping
// errors.
package payload

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/ctxerr"
	"github.com/forgego/forgego/internal/nesting"
)

// JSON returns value as encoding/json makes it, or nil for nil, which is JavaScript's undefined. If JSON cannot
// represent the value, or it nests too deeply, JSON returns a [*bridge.Error] of op that wraps
// [bridge.ErrInvalidRequest] and the cause.
func JSON(op string, value any) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	b, err := nesting.Marshal(value)
	if err != nil {
		return nil, &bridge.Error{Op: op, Err: fmt.Errorf("%w: %w", bridge.ErrInvalidRequest, err)}
	}
	return b, nil
}

// Read decodes an answer into a type of this module that keeps nested parts as raw JSON. If the answer has another
// form, Read returns a [*bridge.Error] of op that wraps [bridge.ErrInvalidResponse].
func Read(op string, answer []byte, into any) error {
	return read(op, answer, into, nesting.UnmarshalShallow)
}

// ReadAs is like Read for a type of the caller's, which may nest as deeply as the answer.
func ReadAs(op string, answer []byte, into any) error {
	return read(op, answer, into, nesting.Unmarshal)
}

func read(op string, answer []byte, into any, unmarshal func([]byte, any) error) error {
	if answer == nil {
		return Invalid(op, "the host answered nothing")
	}
	if err := unmarshal(answer, into); err != nil {
		return &bridge.Error{Op: op, Err: fmt.Errorf("%w: %w", bridge.ErrInvalidResponse, err)}
	}
	return nil
}

// Invalid returns a [*bridge.Error] of op that wraps [bridge.ErrInvalidResponse] and says what is wrong with the
// answer.
func Invalid(op, problem string) error {
	return &bridge.Error{Op: op, Err: fmt.Errorf("%w: %s", bridge.ErrInvalidResponse, problem)}
}

// InvalidRequest returns a [*bridge.Error] of op that wraps [bridge.ErrInvalidRequest] and says what to do.
func InvalidRequest(op, problem string) error {
	return &bridge.Error{Op: op, Err: fmt.Errorf("%w: %s", bridge.ErrInvalidRequest, problem)}
}

// False reports whether the host answered false. Some commands answer that if they are not possible here.
func False(answer bridge.Answer) bool { return string(answer.Payload) == "false" }

// Failed converts the error of a call of a [bridge.Object] to the form that [bridge.Client]'s calls share.
func Failed(ctx context.Context, op string, err error) error {
	return &bridge.Error{Op: op, Err: ctxerr.Replace(ctx, err)}
}
