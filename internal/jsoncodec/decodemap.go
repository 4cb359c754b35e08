package jsoncodec

import (
	"encoding"
	"reflect"
	"strconv"
	"unsafe"
)

// mapping decodes an object into a map. The entries that are there stay.
func (d *decoder) mapping(p *plan, at unsafe.Pointer) bool {
	switch p.typ {
	case anyMapType:
		if m := *(*map[string]any)(at); m != nil {
			return d.anyEntries(m)
		}
		m := map[string]any{}
		*(*map[string]any)(at) = m
		return d.anyEntries(m)
	case stringMapType:
		m := *(*map[string]string)(at)
		if m == nil {
			m = map[string]string{}
			*(*map[string]string)(at) = m
		}
		return d.entries(func() bool {
			name, ok := d.string()
			if !ok || !d.colon() {
				return false
			}
			var text string
			if !d.plain(p.elem, unsafe.Pointer(&text)) {
				return false
			}
			m[name] = text
			return true
		})
	}
	if p.key.kind == unsupported && p.key.decodes == noMethod {
		return d.mismatched(p, "object")
	}
	m := reflect.NewAt(p.typ, at).Elem()
	if m.IsNil() {
		m.Set(reflect.MakeMap(p.typ))
	}
	elem := reflect.New(p.elem.typ)
	return d.entries(func() bool {
		start := d.at
		name, ok := d.string()
		if !ok || !d.colon() {
			return false
		}
		elem.Elem().SetZero()
		if !d.value(p.elem, elem.UnsafePointer()) {
			return false
		}
		key, ok := d.key(p, name, start)
		if ok && key.IsValid() {
			m.SetMapIndex(key, elem.Elem())
		}
		return ok
	})
}

// entries reads an object. It calls entry at each name.
func (d *decoder) entries(entry func() bool) bool {
	if !d.enter() {
		return false
	}
	c := d.next()
	for c != '}' {
		if c != '"' {
			return d.wrong(d.at, noName)
		}
		if !entry() {
			return false
		}
		if c = d.next(); c == ',' {
			d.at++
			if c = d.next(); c == '}' {
				return d.wrong(d.at, noName)
			}
		} else if c != '}' {
			return d.wrong(d.at, noNextName)
		}
	}
	d.at++
	d.open--
	return true
}

// key converts a name, which was at start, to a key of a map. If it does not fit, the key is not valid.
func (d *decoder) key(p *plan, name string, start int) (reflect.Value, bool) {
	t := p.typ.Key()
	if p.key.decodes == textMethod {
		key := reflect.New(t)
		if err := d.setKey(key, name); err != nil {
			return reflect.Value{}, d.refuse(err)
		}
		return key.Elem(), true
	}
	key := reflect.New(t).Elem()
	switch p.key.kind {
	case aString:
		key.SetString(name)
	case anInt64:
		n, err := strconv.ParseInt(name, 10, p.key.bits)
		if err != nil {
			d.mismatches(t, start, "string", "it is not an integer that fits")
			return reflect.Value{}, true
		}
		key.SetInt(n)
	case aUint64:
		n, err := strconv.ParseUint(name, 10, p.key.bits)
		if err != nil {
			d.mismatches(t, start, "string", "it is not an integer that fits")
			return reflect.Value{}, true
		}
		key.SetUint(n)
	}
	return key, true
}

// setKey sets a key by its method.
func (d *decoder) setKey(key reflect.Value, name string) error {
	return key.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(name))
}
