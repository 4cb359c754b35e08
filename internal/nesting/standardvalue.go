//go:build tinygo || !js

package nesting

import (
	"bytes"
	"encoding/json"
	"reflect"
)

func standardMarshal(v any) ([]byte, error) {
	if err := check(v); err != nil {
		return nil, err
	}
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(data.Bytes(), []byte{'\n'}), nil
}

// check returns [ErrTooDeep] if the JSON of v would nest too deeply, for example because v contains itself. It does
// not look at what a caller's MarshalJSON returns.
func check(v any) error {
	if v != nil && tooDeep(reflect.ValueOf(v), maxDepth, maxSteps) {
		return ErrTooDeep
	}
	return nil
}

// maxSteps also limits pointers and interfaces. They add no level to the JSON, but encoding/json recurses for each.
const maxSteps = 4 * maxDepth

var (
	marshaler  = reflect.TypeFor[json.Marshaler]()
	rawMessage = reflect.TypeFor[json.RawMessage]()
)

// tooDeep reports whether v has more than levels levels, or takes more than steps steps to walk through.
func tooDeep(v reflect.Value, levels, steps int) bool {
	t := v.Type()
	kind := t.Kind()
	steps--
	switch {
	case t == rawMessage:
		return deeper(v.Bytes(), levels)
	case isScalar(kind), t.Implements(marshaler):
		return false
	case kind == reflect.Pointer, kind == reflect.Interface:
		return !v.IsNil() && (steps < 0 || tooDeep(v.Elem(), levels, steps))
	}
	levels--
	if levels < 0 {
		return true
	}
	switch kind {
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && !isScalar(t.Elem().Kind()); i++ { // most hold texts or numbers
			if tooDeep(v.Index(i), levels, steps) {
				return true
			}
		}
	case reflect.Map:
		for all := v.MapRange(); all.Next(); {
			if tooDeep(all.Value(), levels, steps) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !isScalar(v.Field(i).Kind()) && isEncoded(t, i) && tooDeep(v.Field(i), levels, steps) {
				return true
			}
		}
	}
	return false
}

func isScalar(k reflect.Kind) bool { return k <= reflect.Complex128 || k == reflect.String }

// isEncoded reports whether encoding/json encodes field i. It encodes the exported fields of an embedded struct even
// if the struct itself is not exported.
func isEncoded(t reflect.Type, i int) bool {
	f := t.Field(i)
	return (f.PkgPath == "" || f.Anonymous) && f.Tag.Get("json") != "-"
}
