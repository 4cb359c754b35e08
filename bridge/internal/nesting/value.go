package nesting

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
)

// Marshal returns the JSON of v, as encoding/json makes it, but with <, > and & as they are, as in JSON.stringify. A value
// that is nested too deeply gives [ErrTooDeep].
func Marshal(v any) ([]byte, error) {
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

// check returns [ErrTooDeep] if the JSON of v would nest too deeply, and so also if v contains itself. It does not see what
// a MarshalJSON or MarshalText of the caller's returns.
func check(v any) error {
	if v == nil {
		return nil
	}
	w := walker{types: map[reflect.Type]*typeInfo{}}
	if w.tooDeep(reflect.ValueOf(v), maxDepth, maxSteps) {
		return ErrTooDeep
	}
	return nil
}

// maxSteps bounds pointers and interfaces too. They are no level of the JSON, but encoding/json calls itself for each.
const maxSteps = 4 * maxDepth

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	rawMessage    = reflect.TypeFor[json.RawMessage]()
)

// walker looks through one value.
type walker struct{ types map[reflect.Type]*typeInfo }

// typeInfo is what is known of all values of a type.
type typeInfo struct {
	// leaf says that they hold no value that may nest.
	leaf bool
	// fields are the fields of a struct that are encoded and may nest.
	fields []int
}

// tooDeep reports whether v has more levels than levels, or takes more steps to walk through than steps.
func (w *walker) tooDeep(v reflect.Value, levels, steps int) bool {
	t := v.Type()
	if t == rawMessage {
		return deeper(v.Bytes(), levels)
	}
	info := w.info(t)
	if info.leaf {
		return false
	}
	kind := t.Kind()
	isLevel := kind != reflect.Pointer && kind != reflect.Interface
	if isLevel && levels == 0 || steps == 0 {
		return true
	}
	if isLevel {
		levels--
	}
	steps--
	switch kind {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && w.tooDeep(v.Elem(), levels, steps)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if w.tooDeep(v.Index(i), levels, steps) {
				return true
			}
		}
	case reflect.Map:
		for all := v.MapRange(); all.Next(); {
			if w.tooDeep(all.Value(), levels, steps) {
				return true
			}
		}
	case reflect.Struct:
		for _, i := range info.fields {
			if w.tooDeep(v.Field(i), levels, steps) {
				return true
			}
		}
	}
	return false
}

func (w *walker) info(t reflect.Type) *typeInfo {
	info := w.types[t]
	if info != nil {
		return info
	}
	info = new(typeInfo)
	w.types[t] = info
	switch {
	case t.Implements(marshaler), t.Implements(textMarshaler):
		info.leaf = true
		return info
	}
	switch t.Kind() {
	case reflect.Interface:
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		// A type that holds itself is found in w.types, and is no leaf then.
		info.leaf = w.isLeaf(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if isEncoded(&f) && !w.isLeaf(f.Type) {
				info.fields = append(info.fields, i)
			}
		}
		info.leaf = len(info.fields) == 0
	default:
		info.leaf = true
	}
	return info
}

// isLeaf reports whether values of the type hold nothing that may nest. Raw JSON may.
func (w *walker) isLeaf(t reflect.Type) bool { return t != rawMessage && w.info(t).leaf }

// isEncoded reports whether encoding/json encodes the field. It encodes what is exported in an embedded struct that is not.
func isEncoded(f *reflect.StructField) bool {
	return (f.IsExported() || f.Anonymous) && f.Tag.Get("json") != "-"
}
