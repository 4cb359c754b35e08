package wasm

import (
	"errors"

	"github.com/forgego/forgego/internal/usercode"
)

// ErrPageClosed is the cause of a context that ended because the page went away.
var ErrPageClosed = errors.New("wasm: the page went away")

// PanicError is a panic of the app's code, as an error. Its field Value is what panic was called with, and Stack the
// goroutine's stack at the panic, as package runtime gives it. Unwrap returns Value if it is an error.
type PanicError = usercode.PanicError
