package wasm

import (
	"context"
	"errors"

	"github.com/forgego/forgego/internal/usercode"
)

// OnError sets what happens with an error, or a panic, after which the program continues: of a handler of [Listen], of the
// work of [Go], and of the app's other functions that this module calls, such as token sources. The console gets each
// error, whatever handler does. A panic is a [*PanicError].
//
// By default, the page shows the newest error in a notice. The user can close it. It disappears when the same action
// succeeds: when the same listener's handler, or Go called in the same place, returns nil. nil as the handler sets the
// default again.
//
// handler runs in its own goroutine, so it may wait. Its context ends when the page is closed. If it panics, the notice
// shows that.
func OnError(handler func(ctx context.Context, err error)) {
	showErrors()
	onError = handler
}

var (
	onError func(ctx context.Context, err error)
	shown   notice
	// shownFor is the source of the error that the notice shows: a listener, or the place that called Go.
	shownFor any
)

// showErrors makes this file show the errors after which the program continues. It is called by what starts such work, so
// that a program that has none does not contain this file.
func showErrors() { usercode.Reporter = report }

// report passes an error to the app's handler, or shows its text.
func report(err error, text string) {
	handler := onError
	if handler == nil {
		shownFor = nil
		shown.show(text)
		return
	}
	usercode.Go(func() error {
		handler(page(), err)
		return nil
	}, func(failed error) {
		if failed != nil && failed != usercode.ErrGoexit {
			onError = nil // do not call it for its own panic
			usercode.Show(failed)
			onError = handler
		}
	})
}

// finished takes the result of a handler, or of the work of Go.
func finished(ctx context.Context, source any, err error) {
	switch {
	case err != nil:
		if !onlyEnded(ctx, err) && usercode.Show(err) {
			shownFor = source
		}
	case shownFor == source:
		shownFor = nil
		shown.hide()
	}
}

// onlyEnded reports whether err only says that ctx or the goroutine has ended.
func onlyEnded(ctx context.Context, err error) (ended bool) {
	if err == usercode.ErrGoexit || ctx.Err() == nil {
		return err == usercode.ErrGoexit
	}
	// A method of the app's error may panic.
	usercode.Call(func() error {
		ended = errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
		return nil
	}, nil)
	return ended
}
