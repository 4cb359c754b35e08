//go:build !js

package bridge

import (
	"context"

	"github.com/forgego/forgego/wasm"
)

func (r *Response) value() (wasm.Value, error) {
	return wasm.Value{}, &Error{r.op, r.remote, r.Status, ErrNoBridge}
}

func responseOf(context.Context, any) (*Response, error) {
	return nil, &Error{Op: "response", Err: ErrNoBridge}
}
