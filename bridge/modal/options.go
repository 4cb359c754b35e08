package modal

import (
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Option changes what [Open] does. A nil Option changes nothing.
type Option func(*settings)

type settings struct{ closed func(value json.RawMessage) }

// WithOnClose sets a function that is called once, when the dialog closes. It gets what [Ask] returns. It is not called
// after the context of Open ends.
func WithOnClose[T any](f func(value T, err error)) Option {
	if f == nil {
		return nil
	}
	return func(s *settings) {
		s.closed = func(text json.RawMessage) { f(valueOf[T](text)) }
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
