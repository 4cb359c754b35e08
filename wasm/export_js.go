package wasm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/internal/notice"
	"github.com/forgego/forgego/internal/shim"
	"github.com/forgego/forgego/internal/usercode"
)

func export(ctx context.Context, name string, f func(ctx context.Context, args []Value) (any, error)) (stop func(), err error) {
	notice.Use()
	failed := func(err error) (func(), error) { return func() {}, fmt.Errorf("wasm: export %q: %w", name, err) }
	if ctx.Err() != nil {
		return failed(context.Cause(ctx))
	}
	if shim.InWorker() {
		return failed(errInWorker)
	}
	global := safejs.Global()
	if taken, err := global.Get(name); err != nil {
		return failed(err)
	} else if !taken.IsUndefined() {
		return failed(errors.New("the page already has something with that name"))
	}
	ctx, end := context.WithCancel(ctx)
	function, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		promise, err := newPromise(func() (any, error) { return f(ctx, args) })
		if err != nil {
			usercode.Show(ctx, err)
			return nil
		}
		return promise
	})
	if err == nil {
		err = global.Set(name, function)
	}
	if err != nil {
		end()
		return failed(err)
	}
	stop = sync.OnceFunc(func() {
		end()
		_ = global.Delete(name)
		function.Release()
	})
	context.AfterFunc(ctx, stop)
	return stop, nil
}

var errInWorker error = sentinel("the program runs in a worker, and JavaScript in the page does not see its globals: use wasm.ExportFunc")

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
