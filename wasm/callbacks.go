//go:build !tinygo

package wasm

import "reflect"

// hasCallbacks reports whether a value of type T may hold a [Callback].
func hasCallbacks[T any]() bool { return findCallback(reflect.TypeFor[T](), map[reflect.Type]bool{}) }

var callbackType = reflect.TypeFor[interface{ isCallback() }]()

func findCallback(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if reflect.PointerTo(t).Implements(callbackType) {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return findCallback(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if findCallback(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
