package usercode

import (
	"errors"
	"sync/atomic"
)

// Reporter shows an error after which the program continues, and its text. The console has it already. Package wasm sets
// it when the app first uses something that needs it.
var Reporter func(err error, text string)

// Show shows an error of the app's code after which the program continues: by [Reporter], or else where [Fail] shows one.
// It reports whether the error is new. A panic is shown with its stack, and only once.
func Show(err error) (isNew bool) {
	text, stack, isNew := describe(err)
	switch {
	case !isNew:
	case Reporter == nil:
		show(text, "", stack)
	default:
		log(text + "\n" + stack)
		Reporter(err, text)
	}
	return isNew
}

// Fail shows the error that ended the app's main function: in a page in the shim's box, and elsewhere on standard error.
// A panic is shown with its stack, and only once.
func Fail(err error) {
	if text, stack, isNew := describe(err); isNew {
		show("The app’s program has failed.", text, stack)
	}
}

// ShowPanic shows an error if it is a panic.
func ShowPanic(err error) {
	if p, _ := look(err); p != nil {
		Show(p)
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
