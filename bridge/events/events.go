package events

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/handler"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Emit sends an event with a payload to everything that subscribed with [On], in this module and the app's others.
//
// The payload is encoded by encoding/json, with [Blob] for binary data. Nil means no payload, which is undefined in
// JavaScript; json.RawMessage("null") is null.
//
// Errors are those of [bridge.Client]'s Call, and [bridge.ErrInvalidRequest] for a payload that JSON cannot
// represent.
//
// It is events.emit.
func Emit(ctx context.Context, event string, payload any) error {
	return emit(ctx, "events.emit", "emit", event, payload)
}

// EmitPublic sends a public event, as [Emit] does, to everything that subscribed with [OnPublic]. Atlassian's
// documentation does not say what a public event reaches.
//
// It is events.emitPublic.
func EmitPublic(ctx context.Context, event string, payload any) error {
	return emit(ctx, "events.emitPublic", "emitPublic", event, payload)
}

// On calls f with the payload of each event of that name, in order and one at a time, until stop is called
// or ctx ends.
//
// T is the payload's type, as for encoding/json; json.RawMessage takes any payload, and is nil if there is none. If a
// payload is not a T, f gets an error that is [bridge.ErrInvalidResponse]. For an event without a payload it
// gets T's zero value. The context of f ends when ctx ends and when stop is called. An error or a panic of f
// is shown as wasm.OnError says, and later events still arrive.
//
// Errors are those of [bridge.Client]'s Subscribe.
//
// It is events.on.
func On[T any](ctx context.Context, event string, f func(ctx context.Context, payload T, err error) error) (stop func(), err error) {
	return subscribe(ctx, "events.on", "on", event, receiver("events.on", f))
}

// OnPublic calls f with the payload of each public event of that name, as [On] does. Atlassian's documentation
// does not say where public events come from: expect payloads of another form than your own.
//
// It is events.onPublic.
func OnPublic[T any](ctx context.Context, event string, f func(ctx context.Context, payload T, err error) error) (stop func(), err error) {
	return subscribe(ctx, "events.onPublic", "onPublic", event, receiver("events.onPublic", f))
}

// message is the payload of the four commands. On's callback is added to it.
type message struct {
	Event   string          `json:"event"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func emit(ctx context.Context, op, command, event string, value any) error {
	body, err := payload.JSON(op, value)
	if err != nil {
		return err
	}
	argument, err := payload.JSON(op, message{event, body})
	if err != nil {
		return err
	}
	_, err = bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: command, Payload: argument})
	return err
}

func subscribe(ctx context.Context, op, command, event string, receive func(context.Context, []byte) error) (stop func(), err error) {
	argument, err := payload.JSON(op, message{Event: event})
	if err != nil {
		return nil, err
	}
	call := bridge.Call{Command: command, Payload: argument}
	return handler.Subscribe(ctx, op, call, "callback", receive)
}

// receiver decodes a callback's arguments; the first is the payload.
func receiver[T any](op string, f func(context.Context, T, error) error) func(context.Context, []byte) error {
	return func(ctx context.Context, arguments []byte) error {
		var values []json.RawMessage
		err := payload.Read(op, arguments, &values)
		var value, none T
		if err == nil && len(values) > 0 {
			err = payload.ReadAs(op, values[0], &value)
		}
		if err != nil {
			return f(ctx, none, err)
		}
		return f(ctx, value, nil)
	}
}
