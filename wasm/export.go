package wasm

import "context"

// Export sets globalThis[name] to a JavaScript function that returns a promise. Each call runs f in its own goroutine, so
// f may wait. The result of f, a JavaScript value or a type that safejs.ValueOf takes, fulfils the promise. An error
// rejects it with a JavaScript Error of the same text. A panic also rejects it, and the program continues: see [OnError].
// The context of f is a child of ctx.
//
// The function exists until stop is called or ctx ends, which removes it from globalThis; a later call is a TypeError of
// JavaScript. If the name is already taken, and in a worker, Export returns an error. Outside a page it returns [ErrNoPage].
// stop is never nil.
func Export(ctx context.Context, name string, f func(ctx context.Context, args []Value) (any, error)) (stop func(), err error) {
	return export(ctx, name, f)
}
