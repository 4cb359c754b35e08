package wasm

import (
	"context"
	"errors"
	"fmt"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/internal/usercode"
)

// Export sets globalThis[name] to a JavaScript function that returns a promise. Each call runs f in its own
// goroutine, so f may wait. The result of f, a JavaScript value or a type that safejs.ValueOf takes, fulfils the promise.
// An error rejects it with a JavaScript Error of the same text. A panic also rejects it, and the program continues: see
// [OnError]. The context ends when the page is closed.
//
// The function exists until release is called, which removes it from globalThis; a later call is a TypeError of
// JavaScript. If the name is already taken, Export returns an error. Outside a page it returns
// [ErrNoPage].
func Export(name string, f func(ctx context.Context, args []Value) (any, error)) (release func(), err error) {
	showErrors()
	global := safejs.Global()
	if taken, err := global.Get(name); err != nil {
		return nil, fmt.Errorf("wasm: export %q: %w", name, err)
	} else if !taken.IsUndefined() {
		return nil, fmt.Errorf("wasm: export %q: the page already has something with that name", name)
	}
	function, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		promise, err := newPromise(func() (any, error) { return f(page(), args) })
		if err != nil {
			usercode.Show(err)
			return nil
		}
		return promise
	})
	if err == nil {
		err = global.Set(name, function)
	}
	if err != nil {
		return nil, fmt.Errorf("wasm: export %q: %w", name, err)
	}
	return func() {
		_ = global.Delete(name)
		function.Release()
	}, nil
}

// newPromise runs work in a goroutine and returns the promise of its result.
func newPromise(work func() (any, error)) (safejs.Value, error) {
	constructor, err := safejs.Global().Get("Promise")
	if err != nil {
		return safejs.Value{}, err
	}
	// JavaScript calls the executor before the constructor returns, so release it here.
	executor, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		resolve, reject := args[0], args[1]
		usercode.Go(func() error {
			result, err := work()
			if err == nil {
				_, err = resolve.Invoke(result)
			}
			if err != nil {
				rejectWith(reject, err)
			}
			return nil
		}, func(err error) {
			if err != nil {
				usercode.ShowPanic(err)
				rejectWith(reject, err)
			}
		})
		return nil
	})
	if err != nil {
		return safejs.Value{}, err
	}
	defer executor.Release()
	return constructor.New(executor)
}

func rejectWith(reject safejs.Value, err error) {
	// A rejection that is passed on keeps its JavaScript value.
	if r, ok := errors.AsType[*Rejection](err); ok {
		_, _ = reject.Invoke(r.Value)
		return
	}
	constructor, _ := safejs.Global().Get("Error")
	value, _ := constructor.New(err.Error())
	_, _ = reject.Invoke(value)
}
