package wasm

import "context"

// Await waits until the promise settles, as JavaScript's await does, and returns its value. A value that is not a
// promise is returned unchanged. A rejected promise returns a [*Rejection]. If ctx ends first, Await returns
// context.Cause(ctx) at once. There is nothing to release, even if the promise never settles. Outside a page it returns
// [ErrNoPage].
//
// A function that JavaScript calls, such as a js.Func, must not call it: see [Go].
func Await[V AnyValue](ctx context.Context, promise V) (V, error) {
	value, err := await(ctx, valueOf(promise))
	if err != nil {
		var none V
		return none, err
	}
	return as[V](value), nil
}
