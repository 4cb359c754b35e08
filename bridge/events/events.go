package events

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Emit triggers an event: those who subscribed with [On], in this module and the app's others, get the payload.
//
// The payload is what encoding/json makes of it, with a [Blob] for binary data; nil is no payload, which in JavaScript is
// undefined, and json.RawMessage("null") is null.
//
// Errors are those of [bridge.Client]'s Call, and [bridge.ErrInvalidRequest] for a payload that JSON has no form for.
//
// It is events.emit.
func Emit(ctx context.Context, event string, payload any) error {
	return emit(ctx, "events.emit", "emit", event, payload)
}

// EmitPublic triggers a public event, as [Emit] does, for those who subscribed with [OnPublic]. Whom an event reaches by
// being public, Atlassian's documentation does not say.
//
// It is events.emitPublic.
func EmitPublic(ctx context.Context, event string, payload any) error {
	return emit(ctx, "events.emitPublic", "emitPublic", event, payload)
}

// On has callback called with the payload of each event of that name, one after the other, in their order, until
// Unsubscribe or the end of ctx.
//
// T is the payload's type, as for encoding/json; json.RawMessage takes any, and is nil where there is none. A payload that
// is no T calls back with an error that is [bridge.ErrInvalidResponse]; an event without one gives T's zero value. A panic
// in callback is reported, and the next event is heard all the same.
//
// Errors are those of [bridge.Client]'s Subscribe.
//
// It is events.on.
func On[T any](ctx context.Context, event string, callback func(payload T, err error)) (*bridge.Subscription, error) {
	return subscribe(ctx, "events.on", "on", event, receiver("events.on", callback))
}

// OnPublic has callback called with each public event of that name, as [On] does. Whose events these are, Atlassian's
// documentation does not say: expect payloads of another form than yours.
//
// It is events.onPublic.
func OnPublic[T any](ctx context.Context, event string, callback func(payload T, err error)) (*bridge.Subscription, error) {
	return subscribe(ctx, "events.onPublic", "onPublic", event, receiver("events.onPublic", callback))
}

// message is the payload of the four commands; On's callback is put beside it.
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

func subscribe(ctx context.Context, op, command, event string, receive func([]byte)) (*bridge.Subscription, error) {
	argument, err := payload.JSON(op, message{Event: event})
	if err != nil {
		return nil, err
	}
	call := bridge.Call{Command: command, Payload: argument}
	return bridge.FromContext(ctx).Subscribe(ctx, op, call, bridge.Callback{Path: "callback", Func: receive})
}

// receiver reads a callback's arguments, of which the first is the payload.
func receiver[T any](op string, callback func(T, error)) func([]byte) {
	return func(arguments []byte) {
		var values []json.RawMessage
		err := payload.Read(op, arguments, &values)
		var value, none T
		if err == nil && len(values) > 0 {
			err = payload.ReadAs(op, values[0], &value)
		}
		if err != nil {
			callback(none, err)
			return
		}
		callback(value, nil)
	}
}
