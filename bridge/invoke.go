package bridge

import (
	"context"
	"encoding/json"
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

// Invoke is the package's [Invoke] by this client. The function's result goes into result, a pointer; nil drops it.
func (c *Client) Invoke(ctx context.Context, functionKey string, payload, result any) error {
	const op = "invoke"
	fail := func(err error) error { return &Error{Op: op, Remote: functionKey, Err: err} }
	if functionKey == "" {
		return fail(invalidRequest("functionKey", "is empty; it is the name that the app's resolver defines"))
	}
	b := append([]byte(`{"functionKey":`), appendJSONString(nil, functionKey)...)
	if payload != nil {
		data, err := json.Marshal(payload)
		if err != nil {
			return fail(invalidRequest("payload", err.Error()))
		}
		b = append(b, `,"payload":`...)
		b = append(b, data...)
	}
	if err := c.functionLimit.take(); err != nil {
		return fail(err)
	}
	answer, err := c.call(ctx, op, functionKey, Call{Command: "invoke", Payload: append(b, '}')})
	if err != nil || result == nil || answer.Payload == nil {
		return err
	}
	if err := json.Unmarshal(answer.Payload, result); err != nil {
		return fail(&kindError{ErrInvalidResponse, "the function's result does not fit: " + jsonProblem(err)})
	}
	return nil
}
