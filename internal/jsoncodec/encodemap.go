package jsoncodec

import (
	"encoding"
	"reflect"
	"strconv"
	"unsafe"
)

// name is the key of a map as text, and the place of its value in a list.
type name struct {
	text  string
	value int
}

// sortNames sorts the keys of a map: few by insertion, and more by merging sorted halves. slices.SortFunc would add 20 KB to a
// program.
func sortNames(names []name) {
	if len(names) > 16 {
		mergeSort(names, make([]name, len(names)/2))
		return
	}
	for i := 1; i < len(names); i++ {
		next := names[i]
		j := i
		for ; j > 0 && next.text < names[j-1].text; j-- {
			names[j] = names[j-1]
		}
		names[j] = next
	}
}

// mergeSort needs room for half of the names.
func mergeSort(names, room []name) {
	if len(names) < 2 {
		return
	}
	half := len(names) / 2
	mergeSort(names[:half], room)
	mergeSort(names[half:], room)
	left := room[:copy(room, names[:half])]
	for i, right := 0, half; len(left) > 0; i++ {
		if right < len(names) && names[right].text < left[0].text {
			names[i] = names[right]
			right++
		} else {
			names[i] = left[0]
			left = left[1:]
		}
	}
}

// mapping encodes a map, sorted by its keys.
func (e *encoder) mapping(b []byte, p *plan, at unsafe.Pointer) ([]byte, bool) {
	if p.typ == anyMapType {
		return e.anyMap(b, *(*map[string]any)(at))
	}
	if p.key.kind == unsupported && p.key.encodes == noMethod {
		return b, e.fail(&ValueError{Type: p.typ, Problem: "its keys are neither texts nor integers"})
	}
	m := reflect.NewAt(p.typ, at).Elem()
	if m.IsNil() {
		return append(b, "null"...), true
	}
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	names := make([]name, 0, m.Len())
	values := make([]reflect.Value, 0, m.Len())
	for all := m.MapRange(); all.Next(); {
		text, err := p.name(all.Key())
		if err != nil {
			return b, e.fail(&ValueError{Type: p.typ, Problem: "the MarshalText of a key failed", Err: err})
		}
		names = append(names, name{text, len(values)})
		values = append(values, all.Value())
	}
	sortNames(names)
	b = append(b, '{')
	copied := reflect.New(p.elem.typ) // an element of a map has no address
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name.text), ':')
		var ok bool
		copied.Elem().Set(values[name.value])
		if b, ok = e.value(b, p.elem, copied.UnsafePointer(), false); !ok {
			return b, false
		}
	}
	e.open--
	return append(b, '}'), true
}

// name returns a key of a map as text.
func (p *plan) name(key reflect.Value) (string, error) {
	if p.key.encodes == textMethod {
		if key.Kind() == reflect.Pointer && key.IsNil() {
			return "", nil
		}
		text, err := key.Interface().(encoding.TextMarshaler).MarshalText()
		return string(text), err
	}
	switch p.key.kind {
	case anInt64:
		return strconv.FormatInt(key.Int(), 10), nil
	case aUint64:
		return strconv.FormatUint(key.Uint(), 10), nil
	}
	return key.String(), nil
}

func (e *encoder) anyMap(b []byte, m map[string]any) ([]byte, bool) {
	if m == nil {
		return append(b, "null"...), true
	}
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	names := make([]name, 0, 16)
	values := make([]any, 0, 16)
	for text, v := range m {
		names = append(names, name{text, len(values)})
		values = append(values, v)
	}
	sortNames(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name.text), ':')
		var ok bool
		if b, ok = e.any(b, values[name.value]); !ok {
			return b, false
		}
	}
	e.open--
	return append(b, '}'), true
}
