package wasm

import (
	"errors"

	"github.com/forgego/forgego/internal/usercode"
)

// ErrPageClosed is the cause of a context that ended because the page was closed.
var ErrPageClosed = errors.New("wasm: the page was closed")

// PanicError is a panic of the app's code, as an error. Its field Value is the argument of panic, and Stack is the
// goroutine's stack at the panic, as returned by package runtime. Unwrap returns Value if it is an error.
type PanicError = usercode.PanicError
