package bridge

import (
	"context"

	"github.com/forgego/forgego/wasm"
)

// Value returns the response as a JavaScript Response, for JavaScript code that expects the result of fetch. It reads
// the rest of the body and closes it. URL and Redirected are lost, because JavaScript cannot make a Response that has
// them. Outside a page it returns [ErrNoBridge].
func (r *Response) Value() (wasm.Value, error) { return r.value() }

// ResponseOf returns a JavaScript Response, such as fetch returns, as a *Response. It waits for the whole body, or
// until ctx ends. It returns [ErrInvalidResponse] if value is not a Response, [ErrNetwork] if its body fails, and
// [ErrNoBridge] outside a page.
func ResponseOf[V wasm.AnyValue](ctx context.Context, value V) (*Response, error) {
	return responseOf(ctx, value)
}
