package modal

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Option changes what [Open] does. A nil Option changes nothing.
type Option func(*settings)

type settings struct {
	closed func(ctx context.Context, value json.RawMessage) error
}

// WithOnClose sets a function that is called once, when the dialog closes. It gets what [Ask] returns. It is not called
// after the context of Open ends, which is its context. An error of f is shown as wasm.OnError says, unless it is
// [ErrDismissed].
func WithOnClose[T any](f func(ctx context.Context, value T, err error) error) Option {
	if f == nil {
		return nil
	}
	return func(s *settings) {
		s.closed = func(ctx context.Context, text json.RawMessage) error {
			value, err := valueOf[T](text)
			return f(ctx, value, err)
		}
	}
}

// valueOf decodes what a dialog was closed with, or nil if there is no value.
func valueOf[T any](text json.RawMessage) (T, error) {
	var value, none T
	if _, ignored := any(value).(struct{}); ignored {
		return none, nil
	}
	if text == nil {
		return none, &bridge.Error{Op: openOp, Err: ErrDismissed}
	}
	if err := payload.ReadAs(openOp, text, &value); err != nil {
		return none, err
	}
	return value, nil
}
