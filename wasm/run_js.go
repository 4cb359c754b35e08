package wasm

import (
	"context"
	"errors"
	"runtime"
	"syscall"

	"github.com/forgego/forgego/internal/page"
	"github.com/forgego/forgego/internal/usercode"
)

// run uses nothing of safejs, which would link package fmt, a tenth of a small program.
func run(app func(ctx context.Context) error) {
	ctx := page.Context()
	usercode.Call(func() error { return app(ctx) }, func(err error) {
		if err != nil && err != usercode.ErrGoexit && (ctx.Err() == nil || !errors.Is(err, ctx.Err())) {
			usercode.Fail(err)
		}
		<-ctx.Done()
		if context.Cause(ctx) != page.ErrStopped {
			// A closing page still calls its listeners, and a program that has ended throws an exception then.
			select {}
		}
		// Functions that wait for the end of ctx remove listeners. Let them run first.
		for range 100 {
			runtime.Gosched()
		}
		syscall.Exit(0) // os.Exit would link package os
	})
}
