package jsoncodec

import (
	"encoding"
	"reflect"
	"sync"
	"sync/atomic"
)

// The methods by which a type converts itself. They have the form of json.Marshaler and json.Unmarshaler, so that
// encoding/json need not be linked.
type (
	marshaler   interface{ MarshalJSON() ([]byte, error) }
	unmarshaler interface{ UnmarshalJSON([]byte) error }
	isZeroer    interface{ IsZero() bool }
)

var (
	marshalerType       = reflect.TypeFor[marshaler]()
	unmarshalerType     = reflect.TypeFor[unmarshaler]()
	textMarshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	isZeroerType        = reflect.TypeFor[isZeroer]()
	anyMapType          = reflect.TypeFor[map[string]any]()
	stringMapType       = reflect.TypeFor[map[string]string]()
	float64Type         = reflect.TypeFor[float64]() // of a number in an empty interface
)

// kind is what a value is in memory, as far as JSON is concerned.
type kind uint8

const (
	unsupported kind = iota
	aString
	aBool
	anInt
	anInt8
	anInt16
	anInt32
	anInt64
	aUint
	aUint8
	aUint16
	aUint32
	aUint64
	aFloat32
	aFloat64
	aNumber // json.Number
	aStruct
	aSlice
	someBytes // a slice of bytes, which is base64 text
	anArray
	aMap
	aPointer
	anAny      // an interface without methods
	aInterface // an interface with methods
)

// method says how a type converts itself.
type method uint8

const (
	noMethod method = iota
	jsonMethod
	textMethod
)

// plan is how values of one type are converted. It is made once for each type and never changes.
type plan struct {
	typ  reflect.Type
	kind kind
	size uintptr

	// decodes is the method of a value's address that decodes it. For a pointer it is the pointer's own method.
	decodes method
	// encodes is the method that encodes a value, and addressEncodes that of its address, which is used if the value is
	// addressable.
	encodes, addressEncodes method

	// elem is for the elements of a slice, an array or a map, and for what a pointer points to.
	elem *plan
	// list is the type of a slice of elem. It is nil for a pointer to a large value, of which one at a time is made.
	list reflect.Type
	// array is the length of an array.
	array int
	// key is how the keys of a map are converted.
	key keys
	// members are those of a struct.
	members *members

	// length is the length of the last slice that was decoded. The next is likely to be as long. It is 0 while one is
	// decoded.
	length atomic.Int32
}

// keys is how the keys of a map are converted.
type keys struct {
	kind    kind // unsupported, aString, anInt64 or aUint64
	decodes method
	encodes method
	// bits is the size of an integer.
	bits int
}

// plans has the plan of each type that was used.
var plans sync.Map // map[reflect.Type]*plan

// planOf returns the plan of a type.
func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	made := compiler{}
	p := made.plan(t)
	for t, p := range made {
		plans.LoadOrStore(t, p)
	}
	return p
}

// compiler makes the plan of a type and of the types in it. The map has the plans that are begun, because a type may contain
// itself. When all are complete, they are published.
type compiler map[reflect.Type]*plan

func (c compiler) plan(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if p := c[t]; p != nil {
		return p
	}
	p := &plan{typ: t, size: t.Size()}
	c[t] = p
	p.setMethods()
	switch t.Kind() {
	case reflect.String:
		p.kind = aString
		if t.Name() == "Number" && t.PkgPath() == "encoding/json" {
			p.kind = aNumber
		}
	case reflect.Bool:
		p.kind = aBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.kind = anInt + kind(t.Kind()-reflect.Int)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.kind = aUint + kind(t.Kind()-reflect.Uint)
	case reflect.Uintptr:
		p.kind = aUint
	case reflect.Float32:
		p.kind = aFloat32
	case reflect.Float64:
		p.kind = aFloat64
	case reflect.Struct:
		p.kind = aStruct
		p.members = c.members(t)
	case reflect.Slice:
		p.kind = aSlice
		if t.Elem().Kind() == reflect.Uint8 {
			p.kind = someBytes
		}
		p.elem = c.plan(t.Elem())
		p.list = t
	case reflect.Array:
		p.kind = anArray
		p.array = t.Len()
		p.elem = c.plan(t.Elem())
	case reflect.Map:
		p.kind = aMap
		p.key = keysOf(t.Key())
		p.elem = c.plan(t.Elem())
	case reflect.Pointer:
		p.kind = aPointer
		p.elem = c.plan(t.Elem())
		if p.elem.size <= maxSmall {
			p.list = reflect.SliceOf(t.Elem())
		}
	case reflect.Interface:
		p.kind = anAny
		if t.NumMethod() > 0 {
			p.kind = aInterface
		}
	}
	return p
}

// setMethods finds the methods by which the type converts itself.
func (p *plan) setMethods() {
	t := p.typ
	address := reflect.PointerTo(t)
	p.encodes = methodOf(t, marshalerType, textMarshalerType)
	switch t.Kind() {
	case reflect.Pointer:
		p.addressEncodes = p.encodes
		p.decodes = methodOf(t, unmarshalerType, textUnmarshalerType)
	case reflect.Interface:
		p.addressEncodes = p.encodes
	default:
		p.addressEncodes = methodOf(address, marshalerType, textMarshalerType)
		if t.Name() != "" { // encoding/json does not look for the methods of a type without a name
			p.decodes = methodOf(address, unmarshalerType, textUnmarshalerType)
		}
	}
}

func methodOf(t, inJSON, inText reflect.Type) method {
	switch {
	case t.Implements(inJSON):
		return jsonMethod
	case t.Implements(inText):
		return textMethod
	}
	return noMethod
}

func keysOf(t reflect.Type) keys {
	k := keys{}
	if t.Implements(textMarshalerType) {
		k.encodes = textMethod
	}
	if reflect.PointerTo(t).Implements(textUnmarshalerType) {
		k.decodes = textMethod
	}
	switch t.Kind() {
	case reflect.String:
		k.kind = aString
		k.encodes = noMethod // a text is its own key, even if it has methods
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		k.kind, k.bits = anInt64, t.Bits()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		k.kind, k.bits = aUint64, t.Bits()
	}
	return k
}
