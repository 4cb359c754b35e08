package jira

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// exists reports whether a member is there, and is not null.
func exists(member json.RawMessage) bool { return member != nil && string(member) != "null" }

// hostFault is an error of a call that a callback made to the host. The host gets its own error back.
type hostFault struct {
	error
	cause *bridge.HostError
}

func (f *hostFault) Unwrap() error { return f.error }

// appCallback returns the callback that is the first argument of a function. To the host, an error of f is one of the
// app, whose text is JavaScript's text of the error, as in the official client.
func appCallback(ctx context.Context, op string, f func(ctx context.Context, arguments []json.RawMessage) ([]byte, error)) bridge.Callback {
	callback := handler.Answer(ctx, "0", func(ctx context.Context, list []byte) ([]byte, error) {
		var arguments []json.RawMessage
		if err := payload.Read(op, list, &arguments); err != nil {
			return nil, err
		}
		return f(ctx, arguments)
	})
	answer := callback.Answer
	callback.Answer = func(arguments []byte) ([]byte, error) {
		result, err := answer(arguments)
		if fault, ok := err.(*hostFault); ok {
			return nil, fault.cause
		}
		if err != nil {
			err = &bridge.HostError{Name: "Error", Message: "Error: " + err.Error()}
		}
		return result, err
	}
	return callback
}
