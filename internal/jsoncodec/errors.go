package jsoncodec

import (
	"errors"
	"reflect"
	"strconv"
)

// ErrTooDeep means that a value nests deeper than [MaxDepth].
var ErrTooDeep = errors.New("it is nested in more than " + maxDepthText + " levels")

// A SyntaxError means that a text is not JSON.
type SyntaxError struct {
	// Problem says what is wrong.
	Problem string
	// Offset is how many bytes were read, with the one that is wrong.
	Offset int64
}

func (e *SyntaxError) Error() string {
	return "syntax error at byte " + strconv.FormatInt(e.Offset, 10) + ": " + e.Problem
}

// A TypeError means that JSON does not fit a Go value. The rest of the JSON was decoded.
type TypeError struct {
	// Value is what the JSON has: "string", "number", "bool", "null", "array" or "object".
	Value string
	// Problem says why it does not fit. It is empty if the kind of value is wrong.
	Problem string
	// Type is the Go type.
	Type reflect.Type
	// Offset is the number of bytes before the JSON value.
	Offset int64
	// Path is the way to the Go value, such as "items[3].name". A key of a map is not part of it, because keys are
	// data: "[*]" stands for it. Path is empty for the whole value.
	Path string
}

func (e *TypeError) Error() string {
	text := "cannot put a " + e.Value + " into a Go " + e.Type.String()
	if e.Path != "" {
		text += " (field " + e.Path + ")"
	}
	if e.Problem != "" {
		text += ": " + e.Problem
	}
	return text
}

// A TargetError means that JSON cannot be decoded into a value because it is not a pointer, or nil.
type TargetError struct {
	// Type is the value's type. It is nil for a nil interface.
	Type reflect.Type
}

func (e *TargetError) Error() string {
	switch {
	case e.Type == nil:
		return "cannot decode JSON into nil: pass a pointer"
	case e.Type.Kind() != reflect.Pointer:
		return "cannot decode JSON into a " + e.Type.String() + ": pass a pointer to it"
	}
	return "cannot decode JSON into a nil " + e.Type.String()
}

// A ValueError means that a Go value has no JSON form.
type ValueError struct {
	// Type is the value's type.
	Type reflect.Type
	// Problem says why it has none.
	Problem string
	// Err is the error of the value's own method, or nil.
	Err error
}

func (e *ValueError) Error() string {
	text := "a " + e.Type.String() + " has no JSON form"
	if e.Problem != "" {
		text += ": " + e.Problem
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *ValueError) Unwrap() error { return e.Err }
