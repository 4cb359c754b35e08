//go:build !js

package wasm

// Value is a JavaScript value: safejs.Value in a page. Outside a page, where there are no JavaScript values, it is an
// empty struct, so that code that names it compiles everywhere.
type Value struct{}

// AnyValue is a JavaScript value of either package: js.Value of syscall/js, or safejs.Value, whose methods return errors
// instead of panicking. Outside a page it is [Value].
type AnyValue interface{ Value }

// jsValue is the type that this package itself works with.
type jsValue = Value

func valueOf(any) jsValue { return Value{} }

func as[V AnyValue](Value) (as V) { return as }
