package bridge

import (
	"context"
	"time"

	"github.com/forgego/forgego/internal/growstack"
	"github.com/forgego/forgego/internal/nesting"
)

// Invoke calls a function of the app that runs on Forge, by the page's own bridge. The app's resolver defines the
// function under functionKey. The payload is encoded as by [JSON]; nil sends no payload. The function's result is decoded
// into a T. If T is struct{}, Invoke ignores the result, whatever it is. Without a result, Invoke returns the zero T.
//
// At most 500 calls in 25 seconds are allowed; if there are more, Invoke returns a [*RateLimitError] at once. Other
// errors are [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrInvalidResponse] if the result does not fit T, and
// the reason why ctx ended.
//
// It is invoke of @forge/bridge: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invoke/
func Invoke[T any](ctx context.Context, functionKey string, payload any) (T, error) {
	var result T
	err := FromContext(ctx).invoke(ctx, functionKey, payload, nil, &result)
	return result, err
}

// MakeInvoke returns [Invoke] for one function of the resolver. It states the types of the payload and the result in
// one place:
//
//	var getTask = bridge.MakeInvoke[TaskID, Task]("getTask")
//
// It is makeInvoke of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invoke/
func MakeInvoke[Payload, Result any](functionKey string) func(ctx context.Context, payload Payload) (Result, error) {
	return func(ctx context.Context, payload Payload) (Result, error) {
		return Invoke[Result](ctx, functionKey, payload)
	}
}

// InvokeMetadata says which metadata the answer should have beside the function's result.
type InvokeMetadata struct {
	// RateLimit asks for the state of the rate limit: rateLimitProperties.
	RateLimit bool
}

// InvokeResult is a function's result and its metadata.
type InvokeResult[T any] struct {
	// Body is the function's result.
	Body T
	// RateLimit is nil if the platform did not send it.
	RateLimit *RateLimit
}

// RateLimit is the platform's limit for calls of functions.
type RateLimit struct {
	// Limit is how many calls are allowed in the window, and Remaining is how many of them are left. -1 means unknown.
	Limit, Remaining int
	// Reset is when the window ends, in whole seconds. The zero time means unknown.
	Reset time.Time
}

// InvokeWithMetadata is [Invoke] with metadata. The platform then answers {body, metadata}.
//
// It is invoke of @forge/bridge with a third argument:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invoke/
func InvokeWithMetadata[T any](ctx context.Context, functionKey string, payload any, metadata InvokeMetadata) (InvokeResult[T], error) {
	var answer struct {
		Body     T            `json:"body"`
		Metadata metadataWire `json:"metadata"`
	}
	if err := FromContext(ctx).invoke(ctx, functionKey, payload, &metadata, &answer); err != nil {
		return InvokeResult[T]{}, err
	}
	return InvokeResult[T]{answer.Body, answer.Metadata.rateLimit()}, nil
}

// metadataWire is the metadata of an answer. The documentation and the package's types name the limit differently.
type metadataWire struct {
	Properties *struct {
		Value     *int   `json:"rateLimitValue"`
		Limit     *int   `json:"rateLimitLimit"`
		Remaining *int   `json:"rateLimitRemaining"`
		Reset     *int64 `json:"rateLimitReset"`
	} `json:"rateLimitProperties"`
}

func (m metadataWire) rateLimit() *RateLimit {
	p := m.Properties
	if p == nil {
		return nil
	}
	r := &RateLimit{Limit: -1, Remaining: -1}
	for _, limit := range []*int{p.Limit, p.Value} {
		if limit != nil {
			r.Limit = *limit
		}
	}
	if p.Remaining != nil {
		r.Remaining = *p.Remaining
	}
	if p.Reset != nil {
		r.Reset = time.Unix(*p.Reset, 0)
	}
	return r
}

// invoke calls a function and decodes its result into result, a pointer.
func (c *Client) invoke(ctx context.Context, functionKey string, payload any, metadata *InvokeMetadata, result any) error {
	growstack.ForValue()
	const op = "invoke"
	fail := func(err error) error { return &Error{Op: op, Remote: functionKey, Err: err} }
	request, err := functionPayload(functionKey, payload, metadata)
	if err == nil {
		err = take(&c.state.Functions)
	}
	if err != nil {
		return fail(err)
	}
	answer, err := c.call(ctx, op, functionKey, Call{Command: "invoke", Payload: request})
	if err != nil || answer.Payload == nil {
		return err
	}
	if _, ignored := result.(*struct{}); ignored {
		return nil
	}
	if err := nesting.Unmarshal(answer.Payload, result); err != nil {
		return fail(&kindError{ErrInvalidResponse, "the function's result does not fit: " + nesting.Problem(err)})
	}
	return nil
}

// functionPayload returns the payload that @forge/bridge makes of the same call.
func functionPayload(functionKey string, payload any, metadata *InvokeMetadata) ([]byte, error) {
	if functionKey == "" {
		return nil, invalidRequest("functionKey", "is empty; it is the name that the app's resolver defines")
	}
	b := append([]byte(`{"functionKey":`), appendJSONString(nil, functionKey)...)
	if payload != nil {
		data, err := nesting.Marshal(payload)
		if err != nil {
			return nil, invalidRequest("payload", err.Error())
		}
		b = append(append(b, `,"payload":`...), data...)
	}
	switch {
	case metadata == nil:
	case metadata.RateLimit:
		b = append(b, `,"metadata":{"rateLimitProperties":true}`...)
	default:
		b = append(b, `,"metadata":{}`...)
	}
	return append(b, '}'), nil
}
