package jsoncodec

import (
	"encoding/binary"
	"reflect"
	"unsafe"
)

// object decodes an object into a struct.
func (d *decoder) object(m *members, at unsafe.Pointer) bool {
	if !d.enter() {
		return false
	}
	c := d.peek()
	if c <= ' ' {
		c = d.afterSpaces()
	}
	if c == '}' {
		d.at++
		d.open--
		return true
	}
	data, ok := d.data, true
	expected := 0 // most objects have their members in the order of the struct's fields
	for {
		var field *member
		if i := d.at; expected < len(m.list) && i+16 <= len(data) {
			// This is isNext, which is not inlined.
			first, second := binary.LittleEndian.Uint64(data[i:]), binary.LittleEndian.Uint64(data[i+8:])
			field = &m.list[expected]
			if (first^field.words[0])&field.masks[0]|(second^field.words[1])&field.masks[1] != 0 {
				field = nil
				if expected+1 < len(m.list) { // a field that was left out is common
					field = &m.list[expected+1]
					if (first^field.words[0])&field.masks[0]|(second^field.words[1])&field.masks[1] != 0 {
						field = nil
					}
				}
			}
			if field != nil && len(field.key) > 16 && !field.isNext(data, i) {
				field = nil
			}
		}
		if field != nil {
			d.at += len(field.key)
			if c = d.peek(); c <= ' ' {
				c = d.afterSpaces()
			}
		} else {
			if c != '"' {
				return d.wrong(d.at, noName)
			}
			if field, ok = d.name(m, expected); !ok {
				return false
			}
			c = d.next()
		}
		switch {
		case field == nil:
			ok = d.skip()
		case field.direct == aString && c == '"':
			expected = field.position + 1
			var s string
			if s, ok = d.string(); ok {
				*(*string)(unsafe.Add(at, field.offset)) = s
			}
		case field.direct == anInt64 && d.shortInt(unsafe.Add(at, field.offset)):
			expected = field.position + 1
		case field.direct == aBool && d.shortBool(unsafe.Add(at, field.offset)):
			expected = field.position + 1
		case field.direct == aFloat64 && d.shortFloat(unsafe.Add(at, field.offset)):
			expected = field.position + 1
		case field.direct == aSlice && c == '[':
			expected = field.position + 1
			ok = d.slice(field.plan, unsafe.Add(at, field.offset))
		case field.direct == aStruct && c == '{':
			expected = field.position + 1
			ok = d.object(field.plan.members, unsafe.Add(at, field.offset))
		default:
			expected = field.position + 1
			ok = d.field(field, at)
		}
		if !ok {
			return false
		}
		if c = d.peek(); c <= ' ' {
			c = d.afterSpaces()
		}
		switch c {
		case ',':
			d.at++
			if c = d.peek(); c <= ' ' {
				c = d.afterSpaces()
			}
		case '}':
			d.at++
			d.open--
			return true
		default:
			return d.wrong(d.at, noNextName)
		}
	}
}

// isNext reports whether the member's name and a colon are at i.
func (m *member) isNext(data []byte, i int) bool {
	if i+16 > len(data) {
		return len(data)-i >= len(m.key) && string(data[i:i+len(m.key)]) == m.key
	}
	return binary.LittleEndian.Uint64(data[i:])&m.masks[0] == m.words[0] &&
		binary.LittleEndian.Uint64(data[i+8:])&m.masks[1] == m.words[1] &&
		(len(m.key) <= 16 || len(data)-i >= len(m.key) && string(data[i+16:i+len(m.key)]) == m.key[16:])
}

// name reads a member's name, its colon and the white space after it. It returns the field of that name, or nil.
func (d *decoder) name(m *members, expected int) (*member, bool) {
	// Fields that were left out are common.
	for i := expected; i < min(len(m.list), expected+8); i++ {
		if field := &m.list[i]; field.isNext(d.data, d.at) {
			d.at += len(field.key)
			d.next()
			return field, true
		}
	}
	name, ok := d.bytes()
	if !ok {
		return nil, false
	}
	field := m.find(name)
	return field, d.colon()
}

// colon reads a colon and white space.
func (d *decoder) colon() bool {
	if d.next() != ':' {
		return d.wrong(d.at, noColon)
	}
	d.at++
	d.next()
	return true
}

// field decodes the next value into a field of the struct at this address.
func (d *decoder) field(m *member, at unsafe.Pointer) bool {
	if m.direct != unsupported {
		return d.plain(m.plan, unsafe.Add(at, m.offset))
	}
	to := at
	if len(m.through) == 0 {
		to = unsafe.Add(at, m.offset)
	} else if to = d.through(m, at); to == nil {
		return d.skip()
	}
	if m.quoted {
		return d.quoted(m.plan, to)
	}
	return d.value(m.plan, to)
}

// through returns the address of a field in an embedded struct that pointers lead to. It sets nil pointers. If it may not
// set one, it returns nil.
func (d *decoder) through(m *member, at unsafe.Pointer) unsafe.Pointer {
	for _, hop := range m.through {
		pointer := (*unsafe.Pointer)(unsafe.Add(at, hop.offset))
		if *pointer == nil {
			if hop.hidden {
				d.mismatches(hop.typ, d.at, "value", "the embedded pointer is nil and its type is not exported")
				return nil
			}
			*pointer = reflect.New(hop.typ).UnsafePointer()
		}
		at = *pointer
	}
	return unsafe.Add(at, m.offset)
}
