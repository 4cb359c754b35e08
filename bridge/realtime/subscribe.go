package realtime

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

// Subscribe calls f with the payload of each event that anyone publishes to the channel at the same place,
// including the app's resolvers. The calls are in order and one at a time, until stop is called or ctx ends.
//
// T is the payload's type, as for encoding/json: string for text, json.RawMessage for anything. Text that holds JSON
// stays text. If a payload is not a T, f gets an error that is [bridge.ErrInvalidResponse]; for an error of
// the channel, it gets one that is [bridge.ErrRejected]. In both cases payload is T's zero value. The context of f
// ends when ctx ends and when stop is called. An error or a panic of f is shown as wasm.OnError says, and later
// events still arrive.
//
// Errors are those of [bridge.Client]'s Subscribe, and [bridge.ErrInvalidRequest] for an invalid option.
//
// It is realtime.subscribe.
func Subscribe[T any](ctx context.Context, channel string, f func(ctx context.Context, payload T, err error) error, options ...Option) (stop func(), err error) {
	const op = "realtime.subscribe"
	return subscribe(ctx, op, subscription{Channel: channel}, options, receiver(op, f))
}

// SubscribeGlobal calls f with the events that are published with [PublishGlobal] to a channel, anywhere in
// the installation. Otherwise it is like [Subscribe].
//
// It is realtime.subscribeGlobal.
func SubscribeGlobal[T any](ctx context.Context, channel string, f func(ctx context.Context, payload T, err error) error, options ...Option) (stop func(), err error) {
	const op = "realtime.subscribeGlobal"
	return subscribe(ctx, op, subscription{Channel: channel, Global: true}, options, receiver(op, f))
}

type subscription struct {
	Channel string       `json:"channelName"`
	Options *wireOptions `json:"options,omitempty"`
	Global  bool         `json:"isGlobal,omitempty"`
}

func subscribe(ctx context.Context, op string, s subscription, options []Option, receive func(context.Context, []byte) error) (stop func(), err error) {
	if s.Options, err = wire(op, options, true); err != nil {
		return nil, err
	}
	argument, err := payload.JSON(op, s)
	if err != nil {
		return nil, err
	}
	call := bridge.Call{Command: "subscribeRealtimeChannel", Payload: argument}
	return handler.Subscribe(ctx, op, call, "onEvent", receive)
}

// receiver decodes a callback's arguments: the payload, and an error if something went wrong.
func receiver[T any](op string, f func(context.Context, T, error) error) func(context.Context, []byte) error {
	return func(ctx context.Context, arguments []byte) error {
		var values []json.RawMessage
		err := payload.Read(op, arguments, &values)
		var value, none T
		switch {
		case err != nil:
		case len(values) > 1 && string(values[1]) != "null":
			err = &bridge.Error{Op: op, Err: channelError(values[1])}
		case len(values) > 0:
			err = payload.ReadAs(op, values[0], &value)
		}
		if err != nil {
			return f(ctx, none, err)
		}
		return f(ctx, value, nil)
	}
}

// channelError reads an error that came as an argument. A JavaScript error loses its message when it becomes JSON,
// unless the sender converts it first.
func channelError(text []byte) *bridge.HostError {
	var e bridge.HostError
	if nesting.UnmarshalShallow(text, &e) != nil {
		e.Message = string(text)
		_ = nesting.UnmarshalShallow(text, &e.Message)
	}
	if e == (bridge.HostError{}) {
		e.Message = "the channel has an error without a message"
	}
	return &e
}
