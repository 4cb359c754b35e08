//go:build !js

package wasm

// Value is a JavaScript value. In a page (GOOS=js) it is safejs.Value of github.com/hack-pad/safejs, with its methods. On other
// systems, whose go doc shows "struct{}", there are no JavaScript values: there it is an empty struct, so that code that names
// it compiles.
type Value struct{}

// AnyValue is a JavaScript value of either package: js.Value of syscall/js, or safejs.Value, whose methods return errors
// instead of panicking. On other systems than GOOS=js it is the empty [Value].
type AnyValue interface{ Value }

// jsValue is the type that this package itself works with.
type jsValue = Value

func valueOf(any) jsValue { return Value{} }

func as[V AnyValue](Value) (as V) { return as }
