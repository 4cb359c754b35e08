package usercode

import (
	"strconv"
)

// PanicError is a panic of the app's code, as an error. Package wasm exports it.
type PanicError struct {
	// Value is the argument of panic.
	Value any
	// Stack is the goroutine's stack at the panic, as returned by package runtime.
	Stack []byte

	// shown means that the panic was shown. It is shown once, whatever code passes the error on.
	shown uint32
}

func (e *PanicError) Error() string { return "panic: " + panicText(e.Value) }

// UserMessage returns a text for the app's user.
func (e *PanicError) UserMessage() string {
	return "Something went wrong in the app. The browser’s console has the details."
}

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// panicText returns the text of common panic values. Package fmt could do that for every value, but would be a tenth
// of a small program.
func panicText(v any) string {
	text := "a value without a text"
	// A method of the app may panic too, for example on a nil pointer of an error type.
	Call(func() error {
		switch v := v.(type) {
		case error:
			text = v.Error()
		case interface{ String() string }:
			text = v.String()
		case string:
			text = v
		case int:
			text = strconv.Itoa(v)
		case bool:
			text = strconv.FormatBool(v)
		}
		return nil
	}, nil)
	return text
}
