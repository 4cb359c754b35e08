// Package page has the context of everything that runs in the program's web page.
package page

// ErrClosed is the cause of a context that ended because the page was closed.
var ErrClosed error = closed{}

// closed is a type and not a value of errors.New, which the linker keeps in programs that do not use it.
type closed struct{}

func (closed) Error() string { return "wasm: the page was closed" }

// ErrStopped is the cause of a context that ended because the page has stopped the program.
var ErrStopped error = stoppedError{}

type stoppedError struct{}

func (stoppedError) Error() string { return "wasm: the page has stopped the program" }
