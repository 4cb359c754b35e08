// Package notice shows the errors after which the program continues: those of the app's handlers for events and callbacks,
// and panics of its other functions. The app's own function gets them, or a notice in the page shows the newest one.
package notice

import (
	"context"
	"errors"
	"sync"

	"github.com/forgego/forgego/internal/page"
	"github.com/forgego/forgego/internal/usercode"
)

// Use makes this package show such errors. It is called by what starts the app's code, so that a program that has none
// does not contain this package.
func Use() { usercode.SetReporter(&reporter) }

var reporter = usercode.Reporter{Show: report, Message: usercode.Message}

// OnError sets the function that gets the errors. Nil sets the notice again.
func OnError(handler func(ctx context.Context, err error)) {
	Use()
	mu.Lock()
	defer mu.Unlock()
	onError = handler
}

var (
	mu      sync.Mutex
	onError func(ctx context.Context, err error)
	shown   box
	// shownFor is the source of the error in the box: what ran the app's code. failures counts the errors so far.
	shownFor any
	failures int
)

// Run is one run of the app's code for an event.
type Run struct {
	// source stands for what runs the code: a listener, or the place of a call.
	source any
	// failures is how many errors there were when the run began.
	failures int
}

// Begin returns a run that begins now.
func Begin(source any) Run {
	mu.Lock()
	defer mu.Unlock()
	return Run{source, failures}
}

// Call calls f, the app's code for an event, and takes its result as [Run.Done] does. A panic is also passed on.
func Call(ctx context.Context, source any, f func(ctx context.Context) error) {
	run := Begin(source)
	usercode.Call(func() error { return f(ctx) }, func(err error) {
		run.Done(ctx, err)
		if usercode.IsPanic(err) {
			panic(err)
		}
	})
}

// Done takes the result of the app's code. An error is shown. After a success the box disappears if it has an error of the
// same source, unless that error is of a run that ended after this one began: then the newer action has failed.
func (r Run) Done(ctx context.Context, err error) {
	if err == usercode.ErrGoexit || err != nil && onlyEnded(ctx, err) {
		return
	}
	if err != nil && !usercode.IsChoice(err) {
		if usercode.Show(ctx, err) {
			mu.Lock()
			defer mu.Unlock()
			failures++
			shownFor = r.source
		}
		return
	}
	mu.Lock()
	defer mu.Unlock()
	if shownFor == r.source && failures == r.failures {
		shownFor = nil
		shown.hide()
	}
}

// onlyEnded reports whether err only says that ctx has ended.
func onlyEnded(ctx context.Context, err error) (ended bool) {
	if ctx.Err() == nil {
		return false
	}
	// A method of the app's error may panic.
	usercode.Call(func() error {
		ended = errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
		return nil
	}, nil)
	return ended
}

// report passes an error to the app's function, or shows it in the box. ctx is that of the code that failed.
func report(ctx context.Context, err error) {
	mu.Lock()
	handler := onError
	if handler == nil {
		shownFor = nil
		shown.show(usercode.Message(err))
	}
	mu.Unlock()
	if handler == nil {
		return
	}
	usercode.Go(func() error {
		handler(valuesOf{page.Context(), context.WithoutCancel(ctx)}, err)
		return nil
	}, func(failed error) {
		if failed != nil && failed != usercode.ErrGoexit {
			mu.Lock()
			defer mu.Unlock()
			shownFor = nil
			shown.show(usercode.Message(failed)) // and do not call the function for its own panic
			usercode.Log(failed)
		}
	})
}

// valuesOf is a context with the values of another one too, such as its client, which may have ended.
type valuesOf struct {
	context.Context
	values context.Context
}

func (c valuesOf) Value(key any) any {
	if v := c.values.Value(key); v != nil {
		return v
	}
	return c.Context.Value(key)
}
