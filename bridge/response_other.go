//go:build !js

package bridge

import (
	"context"

	"github.com/forgego/forgego/wasm"
)

// Value returns [ErrNoBridge]. In a page (GOOS=js) it returns the response as a JavaScript Response. It reads the rest of
// the body and closes it.
func (r *Response) Value() (wasm.Value, error) {
	return wasm.Value{}, &Error{r.op, r.remote, r.Status, ErrNoBridge}
}

// ResponseOf returns [ErrNoBridge]. In a page (GOOS=js) it returns a JavaScript Response, such as fetch returns, as a
// *Response.
func ResponseOf[V wasm.AnyValue](ctx context.Context, value V) (*Response, error) {
	return nil, &Error{Op: "response", Err: ErrNoBridge}
}
