package usercode

import (
	"errors"
	"sync/atomic"
)

// Show shows an error of the app's code: in a page as [wasm.Run] does, and elsewhere on standard error. A panic is
// shown with its stack, and only once.
//
// [wasm.Run]: https://pkg.go.dev/github.com/forgego/forgego/wasm#Run
func Show(err error) {
	p, detail := look(err)
	stack := ""
	if p != nil {
		if atomic.SwapUint32(&p.shown, 1) != 0 {
			return
		}
		detail += "\nThe console has the stack."
		stack = string(p.Stack)
	}
	show("The app’s program has failed.", detail, stack)
}

// ShowPanic shows an error if it is a panic.
func ShowPanic(err error) {
	if p, _ := look(err); p != nil {
		Show(p)
	}
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
