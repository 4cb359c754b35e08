package bridge

import (
	"context"
	"time"

	"github.com/forgego/forgego/bridge/internal/nesting"
)

// Invoke calls a function of the app that runs on Forge, defined in its resolver under functionKey, by the page's own
// bridge. The payload is sent in JSON by encoding/json, and nil sends none; T is what the function's result is read into.
//
// At most 500 calls in 25 seconds are sent; further ones give a [*RateLimitError] at once. Other errors:
// [ErrInvalidRequest], [ErrNoBridge], [ErrRejected], [ErrInvalidResponse] for a result that is no T, and what ends ctx.
//
// It is invoke of @forge/bridge: apis-reference/ui-api-bridge/invoke.
func Invoke[T any](ctx context.Context, functionKey string, payload any) (T, error) {
	var result T
	err := FromContext(ctx).Invoke(ctx, functionKey, payload, &result)
	return result, err
}

// MakeInvoke gives [Invoke] for one function of the resolver, with the types of its payload and its result, so that they
// are written in one place:
//
//	var getTask = bridge.MakeInvoke[TaskID, Task]("getTask")
//
// It is makeInvoke of @forge/bridge: apis-reference/ui-api-bridge/invoke.
func MakeInvoke[Payload, Result any](functionKey string) func(ctx context.Context, payload Payload) (Result, error) {
	return func(ctx context.Context, payload Payload) (Result, error) {
		return Invoke[Result](ctx, functionKey, payload)
	}
}

// InvokeMetadata says what is asked for beside a function's result.
type InvokeMetadata struct {
	// RateLimit asks for the limit of the present window: rateLimitProperties.
	RateLimit bool
}

// InvokeResult is a function's result with what was asked for beside it.
type InvokeResult[T any] struct {
	// Body is the function's result.
	Body T
	// RateLimit is nil if the platform did not tell it.
	RateLimit *RateLimit
}

// RateLimit is how many calls of functions the platform lets through.
type RateLimit struct {
	// Limit is how many calls the window lets through, and Remaining how many of them are left; -1 is unknown.
	Limit, Remaining int
	// Reset is when the window ends, in whole seconds; zero if unknown.
	Reset time.Time
}

// InvokeWithMetadata is [Invoke] with metadata: the platform's answer is {body, metadata} then.
//
// It is invoke of @forge/bridge with a third argument: apis-reference/ui-api-bridge/invoke.
func InvokeWithMetadata[T any](ctx context.Context, functionKey string, payload any, metadata InvokeMetadata) (InvokeResult[T], error) {
	var answer struct {
		Body     T            `json:"body"`
		Metadata metadataWire `json:"metadata"`
	}
	wait := FromContext(ctx).startInvoke(ctx, functionKey, payload, &metadata)
	if err := wait(&answer); err != nil {
		return InvokeResult[T]{}, err
	}
	return InvokeResult[T]{answer.Body, answer.Metadata.rateLimit()}, nil
}

// metadataWire is an answer's metadata. The limit has one name in the documentation and another in the package's types.
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

// Invoke is the package's [Invoke] by this client. The function's result goes into result, a pointer; nil drops it.
func (c *Client) Invoke(ctx context.Context, functionKey string, payload, result any) error {
	return c.StartInvoke(ctx, functionKey, payload)(result)
}

// StartInvoke is Invoke in two steps, as [Client.Start] is of Call: the call is sent when it returns, and wait, to be
// called once, waits for the result.
func (c *Client) StartInvoke(ctx context.Context, functionKey string, payload any) (wait func(result any) error) {
	return c.startInvoke(ctx, functionKey, payload, nil)
}

func (c *Client) startInvoke(ctx context.Context, functionKey string, payload any, metadata *InvokeMetadata) (wait func(result any) error) {
	const op = "invoke"
	fail := func(err error) error { return &Error{Op: op, Remote: functionKey, Err: err} }
	request, err := functionPayload(functionKey, payload, metadata)
	if err == nil {
		err = c.functionLimit.take()
	}
	if err != nil {
		return func(any) error { return fail(err) }
	}
	answered := c.start(ctx, op, functionKey, Call{Command: "invoke", Payload: request})
	return func(result any) error {
		answer, err := answered()
		if err != nil || result == nil || answer.Payload == nil {
			return err
		}
		if err := nesting.Unmarshal(answer.Payload, result); err != nil {
			return fail(&kindError{ErrInvalidResponse, "the function's result does not fit: " + jsonProblem(err)})
		}
		return nil
	}
}

// functionPayload makes the payload that @forge/bridge makes of the same call.
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
