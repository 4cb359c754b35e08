package jsoncodec

import (
	"encoding"
	"encoding/base64"
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

// float encodes a number with this number of bits.
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
