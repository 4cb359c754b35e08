package realtime

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

// PublishResult is the result of publishing an event.
type PublishResult struct {
	// EventID is empty if the channel has no subscribers.
	EventID string
	// EventTimestamp is the time of the event from the platform: milliseconds since 1970, by its documentation.
	EventTimestamp string
	// Errors are the platform's messages if the event was not published.
	Errors []string
}

// Time returns EventTimestamp as a time, or the zero time if it is not valid.
func (r PublishResult) Time() time.Time {
	ms, err := strconv.ParseInt(r.EventTimestamp, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Publish sends the payload to everyone who subscribed to the channel with [Subscribe] at the same place. Forge takes
// a string or an object; the payload is encoded by encoding/json.
//
// Errors are those of [bridge.Client]'s Call, and [bridge.ErrInvalidRequest] for a payload that JSON cannot represent
// and for an invalid option. If the platform did not publish the event, Publish returns its messages as an error that is
// [bridge.ErrRejected], together with the result; the official client returns only the result. Rate limits apply:
// https://developer.atlassian.com/platform/forge/limits-realtime/
//
// It is realtime.publish.
func Publish(ctx context.Context, channel string, payload any, options ...Option) (PublishResult, error) {
	return publish(ctx, "realtime.publish", false, channel, payload, options)
}

// PublishGlobal sends the payload to everyone in the installation who subscribed to the channel with
// [SubscribeGlobal]. Anyone who can use the app can listen, whatever else they may see. Otherwise it is like
// [Publish].
//
// It is realtime.publishGlobal.
func PublishGlobal(ctx context.Context, channel string, payload any, options ...Option) (PublishResult, error) {
	return publish(ctx, "realtime.publishGlobal", true, channel, payload, options)
}

type publication struct {
	Channel string          `json:"channelName"`
	Payload json.RawMessage `json:"eventPayload,omitempty"`
	Options *wireOptions    `json:"options,omitempty"`
	Global  bool            `json:"isGlobal,omitempty"`
}

func publish(ctx context.Context, op string, global bool, channel string, value any, options []Option) (PublishResult, error) {
	p := publication{Channel: channel, Global: global}
	var err error
	if p.Payload, err = payload.JSON(op, value); err != nil {
		return PublishResult{}, err
	}
	if p.Options, err = wire(op, options, false); err != nil {
		return PublishResult{}, err
	}
	argument, err := payload.JSON(op, p)
	if err != nil {
		return PublishResult{}, err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "publishRealtimeChannel", Payload: argument})
	if err != nil {
		return PublishResult{}, err
	}
	return readResult(op, answer.Payload)
}

func readResult(op string, answer []byte) (PublishResult, error) {
	var in struct {
		EventID        *string
		EventTimestamp *string
		// These are strings by the types, and any value by the documentation.
		Errors []json.RawMessage
	}
	if err := payload.Read(op, answer, &in); err != nil {
		return PublishResult{}, err
	}
	var r PublishResult
	if in.EventID != nil {
		r.EventID = *in.EventID
	}
	if in.EventTimestamp != nil {
		r.EventTimestamp = *in.EventTimestamp
	}
	for _, e := range in.Errors {
		var text string
		if nesting.UnmarshalShallow(e, &text) != nil {
			text = string(e)
		}
		r.Errors = append(r.Errors, text)
	}
	if len(r.Errors) > 0 {
		return r, &bridge.Error{Op: op, Err: &bridge.HostError{Message: strings.Join(r.Errors, "; ")}}
	}
	return r, nil
}
