package jsoncodec

import (
	"bytes"
	"encoding"
	"reflect"
	"unsafe"
)

// byMethod decodes a value whose type has a method for it.
func (d *decoder) byMethod(p *plan, at unsafe.Pointer) bool {
	if d.at >= len(d.data) {
		return d.wrong(d.at, noValue)
	}
	c := d.data[d.at]
	if p.kind != aPointer {
		if c == 'n' && p.decodes == textMethod {
			return d.null(p, at)
		}
		return d.callMethod(p, reflect.NewAt(p.typ, at), c)
	}
	if c == 'n' {
		return d.null(p, at)
	}
	if *(*unsafe.Pointer)(at) == nil {
		*(*unsafe.Pointer)(at) = reflect.New(p.elem.typ).UnsafePointer()
	}
	return d.callMethod(p, reflect.NewAt(p.typ, at).Elem(), c)
}

// callMethod decodes the next value by a method of receiver. The plan says which.
func (d *decoder) callMethod(p *plan, receiver reflect.Value, c byte) bool {
	start := d.at
	if p.decodes == textMethod && c == '"' {
		text, ok := d.bytes()
		if !ok {
			return false
		}
		if unsafe.SliceData(text) == unsafe.SliceData(d.scratch) {
			text = bytes.Clone(text) // the method may keep it
		}
		if err := receiver.Interface().(encoding.TextUnmarshaler).UnmarshalText(text); err != nil {
			return d.refuse(err)
		}
		return true
	}
	if !d.skip() {
		return false
	}
	if p.decodes == textMethod {
		d.mismatches(p.typ, start, valueName(c), "it takes a string")
		return true
	}
	if err := receiver.Interface().(unmarshaler).UnmarshalJSON(d.data[start:d.at:d.at]); err != nil {
		return d.refuse(err)
	}
	return true
}
