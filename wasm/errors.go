package wasm

import (
	"github.com/forgego/forgego/internal/page"
	"github.com/forgego/forgego/internal/usercode"
)

// ErrPageClosed is the cause of a context that ended because the page was closed.
var ErrPageClosed error = page.ErrClosed

// ErrStopped is the cause of a context that ended because the page has stopped the program by the function stop of the ES
// module.
var ErrStopped error = page.ErrStopped

// ErrNoPage means that the program does not run in a page: it was not built for GOOS=js.
var ErrNoPage error = sentinel("this program is the front end of a Forge app and runs in a web page: build it with \"forgego build\", or run it with \"forgego dev\"")

// sentinel is an error that the linker drops if the program does not use it. It keeps those that errors.New makes.
type sentinel string

func (e sentinel) Error() string { return string(e) }

// Rejection is the error of a rejected promise, or a JavaScript exception.
type Rejection struct {
	// Name and Message are those of a JavaScript Error. For any other value, Message is its text and Name is empty.
	Name    string
	Message string
	// Value is the JavaScript value itself.
	Value Value
}

func (e *Rejection) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// PanicError is a panic of the app's code, as an error. Its field Value is the argument of panic, and Stack is the
// goroutine's stack at the panic, as returned by package runtime. Unwrap returns Value if it is an error.
type PanicError = usercode.PanicError
