package jsoncodec

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strconv"
	"unsafe"
)

// object encodes a struct.
func (e *encoder) object(b []byte, m *members, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	b = append(b, '{')
	start := len(b)
	for i := range m.list {
		field := &m.list[i]
		// The offset of a field of an embedded struct that a pointer leads to counts from there.
		to := at
		if len(field.through) == 0 {
			to = unsafe.Add(at, field.offset)
		}
		if field.inline != unsupported {
			// Most fields are like this. A call for each part would take longer than the rest.
			n := len(b)
			if cap(b)-n < inlineRoom {
				b = slices.Grow(b, inlineRoom)
			}
			room := b[n : n+inlineRoom]
			binary.LittleEndian.PutUint64(room, field.words[0])
			binary.LittleEndian.PutUint64(room[8:], field.words[1])
			at := len(field.key)
			switch field.inline {
			case aString:
				s := *(*string)(to)
				text := unsafe.Slice(unsafe.StringData(s), len(s))
				if size := shortString(room[at:at+shortRoom], text); size > 0 {
					at += size
					break
				}
				b = append(appendString(b[:n+at], s), ',')
				continue
			case anInt64:
				v := *(*int64)(to)
				if uint64(v) >= 1e8 {
					b = append(strconv.AppendInt(b[:n+at], v, 10), ',')
					continue
				}
				word, size := digits8(uint64(v))
				binary.LittleEndian.PutUint64(room[at:], word)
				at += size
			case aFloat64:
				f := *(*float64)(to)
				if size := shortNumber(room[at:], f); size > 0 {
					at += size
					break
				}
				var ok bool
				if b, ok = e.float(b[:n+at], f, 64, field.plan.typ); !ok {
					return b, false
				}
				b = append(b, ',')
				continue
			case aBool:
				word, size := uint64(falseWord), 5
				if *(*bool)(to) {
					word, size = trueWord, 4
				}
				binary.LittleEndian.PutUint64(room[at:], word)
				at += size
			}
			room[at] = ','
			b = b[:n+at+1]
			continue
		}
		if field.leavesOutNil && *(*unsafe.Pointer)(to) == nil {
			continue
		}
		ok := true
		if field.encoded != unsupported {
			b = field.appendKey(b)
			if field.encoded == aStruct {
				b, ok = e.object(b, field.plan.members, to, addressable)
			} else {
				b, ok = e.plain(b, field.plan, to, addressable)
			}
		} else {
			inside := addressable
			if len(field.through) > 0 {
				if to = throughSet(field, at); to == nil {
					continue
				}
				inside = true
			}
			if field.omitEmpty && field.plan.isEmpty(to) || field.omitZero && field.isZeroAt(to, inside) {
				continue
			}
			b = field.appendKey(b)
			if field.quoted {
				b, ok = e.quoted(b, field.plan, to, inside)
			} else {
				b, ok = e.value(b, field.plan, to, inside)
			}
		}
		if !ok {
			return b, false
		}
		b = append(b, ',')
	}
	if len(b) == start {
		b = append(b, '}')
	} else {
		b[len(b)-1] = '}' // instead of the last comma
	}
	e.open--
	return b, true
}

const (
	// inlineRoom is how much room an inline member needs: 16 bytes for the key, a short string, and a comma.
	inlineRoom = 16 + shortRoom + 8
	// falseWord and trueWord are the words as eight bytes.
	falseWord = 'f' | 'a'<<8 | 'l'<<16 | 's'<<24 | 'e'<<32
	trueWord  = 't' | 'r'<<8 | 'u'<<16 | 'e'<<24
)

// appendKey appends the member's name and a colon.
func (m *member) appendKey(b []byte) []byte {
	n := len(b)
	if len(m.key) > 16 || cap(b)-n < 16 {
		return append(b, m.key...)
	}
	room := b[n : n+16]
	binary.LittleEndian.PutUint64(room, m.words[0])
	binary.LittleEndian.PutUint64(room[8:], m.words[1])
	return b[:n+len(m.key)]
}

// throughSet returns the address of a field in an embedded struct that pointers lead to, or nil if one of them is nil.
func throughSet(m *member, at unsafe.Pointer) unsafe.Pointer {
	for _, hop := range m.through {
		if at = *(*unsafe.Pointer)(unsafe.Add(at, hop.offset)); at == nil {
			return nil
		}
	}
	return unsafe.Add(at, m.offset)
}

// isEmpty reports whether the option omitempty leaves the value out.
func (p *plan) isEmpty(at unsafe.Pointer) bool {
	switch p.kind {
	case aString, aNumber:
		return *(*string)(at) == ""
	case aBool:
		return !*(*bool)(at)
	case aSlice, someBytes:
		return (*sliceHeader)(at).len == 0
	case aPointer:
		return *(*unsafe.Pointer)(at) == nil
	case anArray:
		return p.array == 0
	case aMap:
		return reflect.NewAt(p.typ, at).Elem().Len() == 0
	case aFloat32, aFloat64, anInt, anInt8, anInt16, anInt32, anInt64, aUint, aUint8, aUint16, aUint32, aUint64, anAny, aInterface:
		return reflect.NewAt(p.typ, at).Elem().IsZero()
	}
	return false
}

// isZeroAt reports whether the option omitzero leaves the field out.
func (m *member) isZeroAt(at unsafe.Pointer, addressable bool) bool {
	address := reflect.NewAt(m.plan.typ, at)
	v := address.Elem()
	switch m.isZero {
	case zeroByInterface:
		if v.IsNil() || v.Elem().Kind() == reflect.Pointer && v.Elem().IsNil() {
			return true
		}
	case zeroByPointer:
		if v.IsNil() {
			return true
		}
	case zeroByAddress:
		if !addressable {
			copied := reflect.New(m.plan.typ)
			copied.Elem().Set(v)
			address = copied
		}
		return address.Interface().(isZeroer).IsZero()
	case zeroByValue:
		return v.IsZero()
	}
	return v.Interface().(isZeroer).IsZero()
}
