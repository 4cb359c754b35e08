package wasm

import (
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Value is a JavaScript value. In a page (GOOS=js) it is safejs.Value of github.com/hack-pad/safejs, with its methods. On other
// systems, whose go doc shows "struct{}", there are no JavaScript values: there it is an empty struct, so that code that names
// it compiles.
type Value = safejs.Value

// AnyValue is a JavaScript value of either package: js.Value of syscall/js, or safejs.Value, whose methods return errors
// instead of panicking. On other systems than GOOS=js it is the empty [Value].
type AnyValue interface{ js.Value | safejs.Value }

// jsValue is the type that this package itself works with.
type jsValue = js.Value

// valueOf returns the JavaScript value of a js.Value, a safejs.Value, or a value of a library such as
// honnef.co/go/js/dom/v2, whose values have the method Underlying. It returns undefined for any other value.
func valueOf(v any) js.Value {
	switch v := v.(type) {
	case js.Value:
		return v
	case safejs.Value:
		return safejs.Unsafe(v)
	case interface{ Underlying() js.Value }:
		return v.Underlying()
	}
	return js.Undefined()
}

// as returns v as a value of the other package, if that is what V is.
func as[V AnyValue](v js.Value) (as V) {
	switch as := any(&as).(type) {
	case *js.Value:
		*as = v
	case *safejs.Value:
		*as = safejs.Safe(v)
	}
	return as
}

// isObject reports whether v has properties, so that reading one does not panic.
func isObject(v js.Value) bool { return v.Type() == js.TypeObject || v.Type() == js.TypeFunction }
