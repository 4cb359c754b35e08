package usercode

import (
	"context"
	"errors"
	"sync/atomic"
)

// Reporter shows errors for people.
type Reporter struct {
	// Show shows an error after which the program continues. ctx is that of the code that failed. The console has the error
	// already.
	Show func(ctx context.Context, err error)
	// Message returns the text of an error for the app's user: it is [Message].
	Message func(err error) string
}

// reporter is nil in a program that uses nothing that needs one, so that the program does not contain its code.
var reporter atomic.Pointer[Reporter]

// SetReporter sets the reporter. Package notice calls it when the app first uses something that needs one.
func SetReporter(r *Reporter) { reporter.Store(r) }

// Show shows an error of the app's code after which the program continues: by the [Reporter], or else where [Fail] shows one.
// It reports whether the error is new. A panic is shown with its stack, and only once.
func Show(ctx context.Context, err error) (isNew bool) {
	text, stack, isNew := describe(err)
	r := reporter.Load()
	switch {
	case !isNew:
	case r == nil:
		show(text, "", stack)
	default:
		log(text + "\n" + stack)
		r.Show(ctx, err)
	}
	return isNew
}

// Log writes an error to the console only, as Show does.
func Log(err error) {
	if text, stack, isNew := describe(err); isNew {
		log(text + "\n" + stack)
	}
}

// Fail shows the error that ended the app's main function: in a page in the shim's box, and elsewhere on standard error.
// A panic is shown with its stack, and only once. The box has the reporter's message.
func Fail(err error) {
	text, stack, isNew := describe(err)
	if !isNew {
		return
	}
	message := text
	if r := reporter.Load(); r != nil {
		if message = r.Message(err); message != text {
			stack = text + "\n" + stack
		}
	}
	show("The app’s program has failed.", message, stack)
}

// ShowPanic shows an error if it is a panic.
func ShowPanic(err error) {
	if p, _ := look(err); p != nil {
		Show(context.Background(), p)
	}
}

// describe returns the text of an error, and the stack if it is a panic. isNew is false for a panic that was described
// before.
func describe(err error) (text, stack string, isNew bool) {
	p, text := look(err)
	if p == nil {
		return text, "", true
	}
	return text, string(p.Stack), atomic.SwapUint32(&p.shown, 1) == 0
}

// look returns the panic in the chain of err, if there is one, and the text of err. If a method of the app's error
// panics, it returns that panic.
func look(err error) (p *PanicError, text string) {
	if err == nil {
		return nil, ""
	}
	Call(func() error {
		p, _ = errors.AsType[*PanicError](err)
		text = err.Error()
		return nil
	}, func(failed error) {
		if failed, ok := failed.(*PanicError); ok {
			p, text = failed, failed.Error()
		}
	})
	return p, text
}
