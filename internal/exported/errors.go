package exported

import (
	"context"
	"errors"

	"github.com/forgego/forgego/internal/nesting"
	"github.com/forgego/forgego/internal/usercode"
)

// fields are what an Error of JavaScript has.
type fields struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

// InputError means that the input of a call does not fit the function's type.
type InputError struct{ Err error }

func (e *InputError) Error() string { return "the input does not fit: " + nesting.Problem(e.Err) }

// ErrorName returns the name that JavaScript has for values of a wrong type.
func (e *InputError) ErrorName() string { return "TypeError" }

// encodeError returns an error for JavaScript.
func encodeError(err error) []byte {
	f := fields{Name: "Error"}
	// A method of the app's error may panic.
	usercode.Call(func() error {
		f.Message = err.Error()
		switch {
		case errors.Is(err, context.Canceled):
			f.Name = "AbortError"
		case errors.Is(err, context.DeadlineExceeded):
			f.Name = "TimeoutError"
		}
		if named, ok := errors.AsType[interface {
			error
			ErrorName() string
		}](err); ok {
			f.Name = named.ErrorName()
		}
		if coded, ok := errors.AsType[interface {
			error
			ErrorCode() string
		}](err); ok {
			f.Code = coded.ErrorCode()
		}
		return nil
	}, func(failed error) {
		if failed != nil {
			f.Message = failed.Error()
		}
	})
	if usercode.IsPanic(err) {
		f.Name = "PanicError"
	}
	data, _ := nesting.Marshal(f) // of texts, so it does not fail
	return data
}

// ScriptError is an error of JavaScript.
type ScriptError struct{ Name, Message string }

func (e *ScriptError) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// decodeError returns an error of JavaScript. Any value can be thrown there.
func decodeError(data []byte) error {
	var f fields
	if nesting.Unmarshal(data, &f) != nil || f.Name == "" && f.Message == "" {
		f.Message = string(data)
	}
	return &ScriptError{f.Name, f.Message}
}
