package jsoncodec

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// entry is an entry of a map, with its key as text.
type entry[V any] struct {
	name  string
	value V
}

func byName[V any](a, b entry[V]) int { return strings.Compare(a.name, b.name) }

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
	entries := make([]entry[reflect.Value], 0, m.Len())
	for all := m.MapRange(); all.Next(); {
		name, err := p.name(all.Key())
		if err != nil {
			return b, e.fail(&ValueError{Type: p.typ, Problem: "the MarshalText of a key failed", Err: err})
		}
		entries = append(entries, entry[reflect.Value]{name, all.Value()})
	}
	slices.SortFunc(entries, byName)
	b = append(b, '{')
	copied := reflect.New(p.elem.typ) // an element of a map has no address
	for i, entry := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, entry.name), ':')
		var ok bool
		copied.Elem().Set(entry.value)
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
	entries := make([]entry[any], 0, 16)
	for name, v := range m {
		entries = append(entries, entry[any]{name, v})
	}
	slices.SortFunc(entries, byName)
	b = append(b, '{')
	for i, entry := range entries {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, entry.name), ':')
		var ok bool
		if b, ok = e.any(b, entry.value); !ok {
			return b, false
		}
	}
	e.open--
	return append(b, '}'), true
}
