package jsoncodec

import (
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"math"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"unsafe"
)

// Marshal returns the JSON of v, as an encoder of encoding/json makes it that does not escape HTML. The package comment
// lists the differences.
func Marshal(v any) ([]byte, error) {
	b, err := Append(Room(), v)
	if err != nil {
		Recycle(b)
		return nil, err
	}
	data := slices.Clone(b)
	Recycle(b)
	return data, nil
}

// Room returns an empty slice, most often with memory that [Recycle] got, so that not every text grows in many steps.
func Room() []byte {
	if room, ok := rooms.Get().(*[]byte); ok {
		return (*room)[:0]
	}
	return nil
}

// Recycle keeps the memory of b for [Room], unless it is too large. Nobody may use b afterwards.
func Recycle(b []byte) {
	if 0 < cap(b) && cap(b) <= maxRoom {
		rooms.Put(&b)
	}
}

// rooms has memory that is not used. The garbage collector empties it.
var rooms sync.Pool // of *[]byte

// maxRoom is how much memory is kept in one piece.
const maxRoom = 1 << 20

// Append is Marshal that appends to b. If it fails, it returns b.
func Append(b []byte, v any) ([]byte, error) {
	e := encoder{}
	out, ok := e.any(b, v)
	if !ok {
		return b, e.err
	}
	return out, nil
}

// encoder encodes one value. Its methods append to b. They return false if there is no JSON for the value; then the
// reason is in err.
type encoder struct {
	// open is how many objects and arrays are open, and inside how many pointers and interfaces.
	open, inside int
	err          error
}

// fail ends encoding with an error.
func (e *encoder) fail(err error) bool {
	e.err = err
	return false
}

// any encodes the value of an interface.
func (e *encoder) any(b []byte, v any) ([]byte, bool) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), true
	case string:
		return appendString(b, v), true
	case bool:
		return strconv.AppendBool(b, v), true
	case int:
		return strconv.AppendInt(b, int64(v), 10), true
	case float64:
		return e.float(b, v, 64, float64Type)
	case map[string]any:
		return e.anyMap(b, v)
	case []any:
		if v == nil {
			return append(b, "null"...), true
		}
		return e.anyList(b, v)
	}
	if e.inside++; e.inside > maxInside {
		return b, e.fail(ErrTooDeep)
	}
	value := reflect.ValueOf(v)
	p := planOf(value.Type())
	var ok bool
	if p.kind == aPointer && p.encodes == noMethod {
		b, ok = e.pointer(b, p, value.UnsafePointer(), false)
	} else {
		// The value in an interface has no address, so it is copied.
		copied := reflect.New(p.typ)
		copied.Elem().Set(value)
		b, ok = e.value(b, p, copied.UnsafePointer(), false)
	}
	e.inside--
	return b, ok
}

// value encodes the value at this address. If it is addressable for the caller, the methods of its address count too.
func (e *encoder) value(b []byte, p *plan, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	if addressable && p.addressEncodes != noMethod || p.encodes != noMethod {
		return e.byMethod(b, p, at, addressable)
	}
	return e.plain(b, p, at, addressable)
}

// plain is value without the type's own methods.
func (e *encoder) plain(b []byte, p *plan, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	switch p.kind {
	case aString:
		return appendString(b, *(*string)(at)), true
	case aBool:
		return strconv.AppendBool(b, *(*bool)(at)), true
	case aFloat64:
		return e.float(b, *(*float64)(at), 64, p.typ)
	case aStruct:
		return e.object(b, p.members, at, addressable)
	case aSlice:
		s := (*sliceHeader)(at)
		if s.data == nil {
			return append(b, "null"...), true
		}
		return e.list(b, p, s.data, s.len, true)
	case anArray:
		return e.list(b, p, at, p.array, addressable)
	case someBytes:
		s := *(*[]byte)(at)
		if s == nil {
			return append(b, "null"...), true
		}
		if p.elem.addressEncodes != noMethod {
			return e.list(b, p, unsafe.Pointer(unsafe.SliceData(s)), len(s), true)
		}
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, s)
		return append(b, '"'), true
	case aMap:
		return e.mapping(b, p, at)
	case aPointer:
		return e.pointer(b, p, *(*unsafe.Pointer)(at), false)
	case anAny:
		return e.any(b, *(*any)(at))
	case aInterface:
		return e.any(b, reflect.NewAt(p.typ, at).Elem().Interface())
	case anInt, anInt8, anInt16, anInt32, anInt64:
		return strconv.AppendInt(b, p.integer(at), 10), true
	case aUint, aUint8, aUint16, aUint32, aUint64:
		mask := ^uint64(0) >> (64 - 8*p.size)
		return strconv.AppendUint(b, uint64(p.integer(at))&mask, 10), true
	case aFloat32:
		return e.float(b, float64(*(*float32)(at)), 32, p.typ)
	case aNumber:
		text := *(*string)(at)
		if text == "" {
			text = "0" // the zero Number
		}
		if !isNumber(text) {
			return b, e.fail(&ValueError{Type: p.typ, Problem: "its text is not a number"})
		}
		return append(b, text...), true
	}
	return b, e.fail(&ValueError{Type: p.typ})
}

// integer returns the integer at this address. An unsigned one is only right in its lowest bits.
func (p *plan) integer(at unsafe.Pointer) int64 {
	switch p.size {
	case 1:
		return int64(*(*int8)(at))
	case 2:
		return int64(*(*int16)(at))
	case 4:
		return int64(*(*int32)(at))
	}
	return *(*int64)(at)
}

// float encodes a number of so many bits.
func (e *encoder) float(b []byte, f float64, bits int, t reflect.Type) ([]byte, bool) {
	if bits == 64 {
		var room [shortNumberRoom]byte
		if size := shortNumber(room[:], f); size > 0 {
			return append(b, room[:size]...), true
		}
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return b, e.fail(&ValueError{Type: t, Problem: strconv.FormatFloat(f, 'g', -1, 64) + " is not a number of JSON"})
	}
	return appendFloat(b, f, bits), true
}

// pointer encodes what a pointer points to. If quoted, that has the option "string".
func (e *encoder) pointer(b []byte, p *plan, to unsafe.Pointer, quoted bool) ([]byte, bool) {
	if to == nil {
		return append(b, "null"...), true
	}
	if e.inside++; e.inside > maxInside {
		return b, e.fail(ErrTooDeep)
	}
	var ok bool
	if quoted {
		b, ok = e.quoted(b, p.elem, to, true)
	} else {
		b, ok = e.value(b, p.elem, to, true)
	}
	e.inside--
	return b, ok
}

// object encodes a struct.
func (e *encoder) object(b []byte, m *members, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	b = append(b, '{')
	start := len(b)
	for i := range m.list {
		field := &m.list[i]
		to := unsafe.Add(at, field.offset)
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

// list encodes elements that follow each other in memory.
func (e *encoder) list(b []byte, p *plan, first unsafe.Pointer, length int, addressable bool) ([]byte, bool) {
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	b = append(b, '[')
	direct := unsupported
	if p.elem.encodes == noMethod && (!addressable || p.elem.addressEncodes == noMethod) {
		direct = p.elem.kind
	}
	for i := range length {
		if i > 0 {
			b = append(b, ',')
		}
		element := unsafe.Add(first, uintptr(i)*p.elem.size)
		ok := true
		switch direct {
		case aStruct:
			b, ok = e.object(b, p.elem.members, element, addressable)
		case aString:
			s := *(*string)(element)
			if n := len(b); cap(b)-n >= shortRoom { // as in appendString, without its call
				if size := shortString(b[n:n+shortRoom], unsafe.Slice(unsafe.StringData(s), len(s))); size > 0 {
					b = b[:n+size]
					break
				}
			}
			b = appendString(b, s)
		default:
			b, ok = e.value(b, p.elem, element, addressable)
		}
		if !ok {
			return b, false
		}
	}
	e.open--
	return append(b, ']'), true
}

func (e *encoder) anyList(b []byte, list []any) ([]byte, bool) {
	if e.open++; e.open > MaxDepth {
		return b, e.fail(ErrTooDeep)
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		var ok bool
		if b, ok = e.any(b, v); !ok {
			return b, false
		}
	}
	e.open--
	return append(b, ']'), true
}

// quoted encodes a value with the option "string": its JSON as a string.
func (e *encoder) quoted(b []byte, p *plan, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	switch {
	case addressable && p.addressEncodes != noMethod || p.encodes != noMethod:
		return e.byMethod(b, p, at, addressable)
	case p.kind == aPointer:
		return e.pointer(b, p, *(*unsafe.Pointer)(at), true)
	case p.kind == aString:
		return appendString(b, sharedString(appendString(nil, *(*string)(at)))), true
	}
	b, ok := e.plain(append(b, '"'), p, at, addressable)
	return append(b, '"'), ok
}

// byMethod encodes a value whose type has a method for it.
func (e *encoder) byMethod(b []byte, p *plan, at unsafe.Pointer, addressable bool) ([]byte, bool) {
	method := p.encodes
	var receiver reflect.Value
	switch {
	case p.kind == aPointer, p.kind == aInterface:
		receiver = reflect.NewAt(p.typ, at).Elem()
		if receiver.IsNil() {
			return append(b, "null"...), true
		}
	case addressable:
		method = p.addressEncodes
		receiver = reflect.NewAt(p.typ, at)
	default:
		receiver = reflect.NewAt(p.typ, at).Elem()
	}
	if method == textMethod {
		text, err := receiver.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return b, e.fail(&ValueError{Type: p.typ, Problem: "its MarshalText failed", Err: err})
		}
		return appendString(b, sharedString(text)), true
	}
	text, err := receiver.Interface().(marshaler).MarshalJSON()
	if err != nil {
		return b, e.fail(&ValueError{Type: p.typ, Problem: "its MarshalJSON failed", Err: err})
	}
	b, err = appendCompact(b, text, e.open)
	switch {
	case err == ErrTooDeep:
		return b, e.fail(err)
	case err != nil:
		return b, e.fail(&ValueError{Type: p.typ, Problem: "its MarshalJSON did not return JSON", Err: err})
	}
	return b, true
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
