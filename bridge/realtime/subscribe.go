package realtime

import (
	"context"
	"encoding/json"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// SubscribeOptions are those of [Subscribe] and [SubscribeGlobal].
type SubscribeOptions struct {
	// Replay has events of that time before the subscription come too. It crosses in seconds; the default is none.
	Replay time.Duration
	// Token is what signRealtimeToken of @forge/realtime gave the app's resolver for this channel. Only those events come
	// that were published with a token of the same claims.
	Token string
	// ContextOverrides are the parts of the place that make the channel, instead of all; publishers need the same ones.
	// Nil is no override. Empty but not nil makes the channel a global one.
	ContextOverrides []ProductContext
}

// Subscribe has callback called with the payload of each event that anybody publishes to the channel at the same place, the
// app's resolvers included, one after the other, in their order, until Unsubscribe or the end of ctx. No options are nil.
//
// T is the payload's type, as for encoding/json: string for text, json.RawMessage for any. Text that holds JSON stays text.
// A payload that is no T calls back with an error that is [bridge.ErrInvalidResponse], and what the platform tells of the
// channel with one that is [bridge.ErrRejected]; payload is T's zero value then. A panic in callback is reported, and the
// next event is heard all the same.
//
// Errors are those of [bridge.Client]'s Subscribe.
//
// It is realtime.subscribe.
func Subscribe[T any](ctx context.Context, channel string, callback func(payload T, err error), options *SubscribeOptions) (*bridge.Subscription, error) {
	const op = "realtime.subscribe"
	return subscribe(ctx, op, subscription{Channel: channel}, options, receiver(op, callback))
}

// SubscribeGlobal has callback called with the events of a global channel, wherever in the installation they are published
// with [PublishGlobal]. Otherwise it is [Subscribe].
//
// It is realtime.subscribeGlobal.
func SubscribeGlobal[T any](ctx context.Context, channel string, callback func(payload T, err error), options *SubscribeOptions) (*bridge.Subscription, error) {
	const op = "realtime.subscribeGlobal"
	return subscribe(ctx, op, subscription{Channel: channel, Global: true}, options, receiver(op, callback))
}

type subscription struct {
	Channel string       `json:"channelName"`
	Options *wireOptions `json:"options,omitempty"`
	Global  bool         `json:"isGlobal,omitempty"`
}

func subscribe(ctx context.Context, op string, s subscription, options *SubscribeOptions, receive func([]byte)) (*bridge.Subscription, error) {
	if options != nil {
		s.Options = &wireOptions{options.Replay.Seconds(), options.Token, overrides(options.ContextOverrides)}
	}
	argument, err := payload.JSON(op, s)
	if err != nil {
		return nil, err
	}
	call := bridge.Call{Command: "subscribeRealtimeChannel", Payload: argument}
	return bridge.FromContext(ctx).Subscribe(ctx, op, call, bridge.Callback{Path: "onEvent", Func: receive})
}

// receiver reads a callback's arguments: the payload and, if something went wrong, an error.
func receiver[T any](op string, callback func(T, error)) func([]byte) {
	return func(arguments []byte) {
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
			callback(none, err)
			return
		}
		callback(value, nil)
	}
}

// channelError reads an error that came as an argument. A JavaScript error loses its message on the way into JSON, unless
// whoever carries it across takes care of it.
func channelError(text []byte) *bridge.HostError {
	var e bridge.HostError
	if nesting.UnmarshalShallow(text, &e) != nil {
		e.Message = string(text)
		_ = nesting.UnmarshalShallow(text, &e.Message)
	}
	if e == (bridge.HostError{}) {
		e.Message = "the channel has an error, of which the host says no more"
	}
	return &e
}
