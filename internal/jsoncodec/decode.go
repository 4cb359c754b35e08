package jsoncodec

import (
	"encoding/base64"
	"reflect"
	"unsafe"
)

// Unmarshal decodes JSON into the value that v points to, as encoding/json does. The package comment lists the
// differences. It neither keeps nor changes data.
func Unmarshal(data []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &TargetError{reflect.TypeOf(v)}
	}
	into := target.Elem()
	// A mistake in the text must leave the target as it was. If the target is zero, it is set to zero again, and nothing
	// else refers to what was decoded. Otherwise the whole text is checked first.
	fresh := isZero(target.UnsafePointer(), into.Type().Size())
	if !fresh {
		if i, wrong := skipText(data); wrong != "" {
			return failure(data, i, wrong)
		}
	}
	d := decoder{data: data, root: target.Type()}
	if !d.whole(target) {
		if fresh && d.failed == nil { // a method failed: is the rest of the text right?
			if i, wrong := skipText(data); wrong != "" {
				d.failed = failure(data, i, wrong)
			}
		}
		if fresh && d.failed != nil {
			into.SetZero()
		}
		if d.failed != nil {
			return d.failed
		}
		return d.refused
	}
	if d.mismatch != nil {
		return d.mismatch
	}
	return nil
}

// isZero reports whether memory holds only zeros, which every zero value does.
func isZero(p unsafe.Pointer, size uintptr) bool {
	for _, b := range unsafe.Slice((*byte)(p), size) {
		if b != 0 {
			return false
		}
	}
	return true
}

// decoder decodes one text. Its methods return false if nothing more can be read; then the reason is in failed or
// refused.
type decoder struct {
	data []byte
	// at is the index of what is read next.
	at int
	// open is how many objects and arrays are open, and inside how many pointers of interfaces were followed.
	open, inside int
	root         reflect.Type

	// failed says that the text is not JSON or nests too deeply.
	failed error
	// refused is the error of a method, after which nothing is decoded.
	refused error
	// mismatch is the first value that does not fit. The values after it are decoded.
	mismatch error

	numeral numeral
	// room is memory for short strings, and scratch for the string that is read.
	room, scratch []byte
	// values holds the elements of arrays whose end was not read yet.
	values []any
	// spares has memory for what pointers point to, for each type.
	spares []spare
}

// wrong ends decoding with a problem of the text at index i. It is not inlined, because it has many callers.
//
//go:noinline
func (d *decoder) wrong(i int, p problem) bool {
	d.failed = failure(d.data, i, p)
	return false
}

// refuse ends decoding with an error that is not one of the text.
func (d *decoder) refuse(err error) bool {
	d.refused = err
	return false
}

// whole decodes the whole text.
func (d *decoder) whole(target reflect.Value) bool {
	d.at = skipSpace(d.data, 0)
	if !d.pointee(target) {
		return false
	}
	if i := skipSpace(d.data, d.at); i < len(d.data) {
		return d.wrong(i, noEnd)
	}
	return true
}

// enter opens an object or an array whose first character is at d.at. It returns false if it nests too deeply. It is inlined.
func (d *decoder) enter() bool {
	if d.open == MaxDepth {
		return d.wrong(d.at, tooDeep)
	}
	d.open++
	d.at++
	return true
}

// next returns the next character that is not white space, or 0 at the end. It reads only the white space before it.
func (d *decoder) next() byte {
	if c := d.peek(); c > ' ' {
		return c
	}
	return d.afterSpaces()
}

// peek returns the next character, or 0 at the end. Unlike next it is inlined: most often there is no white space.
func (d *decoder) peek() byte {
	if d.at < len(d.data) {
		return d.data[d.at]
	}
	return 0
}

//go:noinline
func (d *decoder) afterSpaces() byte {
	if d.at = skipSpaces(d.data, d.at); d.at < len(d.data) {
		return d.data[d.at]
	}
	return 0
}

// skip reads the next value without keeping it.
func (d *decoder) skip() bool {
	end, wrong := skip(d.data, d.at, d.open)
	if wrong != "" {
		return d.wrong(end, wrong)
	}
	d.at = end
	return true
}

// word reads a word, such as null.
func (d *decoder) word(word string) bool {
	if end := d.at + len(word); end <= len(d.data) && string(d.data[d.at:end]) == word {
		d.at = end
		return true
	}
	i, wrong := skipWord(d.data, d.at, word)
	return d.wrong(i, wrong)
}

// value decodes the next value, which has no white space before it, into the memory at this address. p is the plan of its
// type.
func (d *decoder) value(p *plan, at unsafe.Pointer) bool {
	if p.decodes != noMethod {
		return d.byMethod(p, at)
	}
	return d.plain(p, at)
}

// plain is value without the type's own methods.
func (d *decoder) plain(p *plan, at unsafe.Pointer) bool {
	if d.at >= len(d.data) {
		return d.wrong(d.at, noValue)
	}
	c := d.data[d.at]
	switch p.kind {
	case aPointer:
		return d.pointer(p, at, c)
	case anAny:
		if *(*any)(at) == nil {
			return d.intoAny(at, c)
		}
		return d.intoInterface(p, at, c)
	case aInterface:
		return d.intoInterface(p, at, c)
	}
	switch c {
	case '"':
		switch p.kind {
		case aString:
			s, ok := d.string()
			if ok {
				*(*string)(at) = s
			}
			return ok
		case aNumber:
			return d.numberInQuotes(p, at)
		case someBytes:
			return d.base64(p, at)
		}
		return d.mismatched(p, "string")
	case '{':
		switch p.kind {
		case aStruct:
			return d.object(p.members, at)
		case aMap:
			return d.mapping(p, at)
		}
		return d.mismatched(p, "object")
	case '[':
		switch p.kind {
		case aSlice, someBytes:
			return d.slice(p, at)
		case anArray:
			return d.array(p, at)
		}
		return d.mismatched(p, "array")
	case 'n':
		return d.null(p, at)
	case 't', 'f':
		if p.kind != aBool {
			return d.mismatched(p, "bool")
		}
		word := "false"
		if c == 't' {
			word = "true"
		}
		if !d.word(word) {
			return false
		}
		*(*bool)(at) = c == 't'
		return true
	}
	return d.numeric(p, at)
}

// null decodes null, which sets a pointer, a map, a slice and an interface to nil and changes nothing else.
func (d *decoder) null(p *plan, at unsafe.Pointer) bool {
	if !d.word("null") {
		return false
	}
	switch p.kind {
	case aPointer, aMap:
		*(*unsafe.Pointer)(at) = nil
	case aSlice, someBytes:
		*(*sliceHeader)(at) = sliceHeader{}
	case anAny:
		*(*any)(at) = nil
	case aInterface:
		reflect.NewAt(p.typ, at).Elem().SetZero()
	}
	return true
}

// base64 decodes a string into a slice of bytes.
func (d *decoder) base64(p *plan, at unsafe.Pointer) bool {
	start := d.at
	text, ok := d.bytes()
	if !ok {
		return false
	}
	b := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(b, text)
	if err != nil {
		d.mismatches(p.typ, start, "string", "it is not base64")
		return true
	}
	*(*[]byte)(at) = b[:n]
	return true
}

// pointer decodes into what a pointer points to. A nil pointer is set first.
func (d *decoder) pointer(p *plan, at unsafe.Pointer, c byte) bool {
	if c == 'n' {
		return d.null(p, at)
	}
	to := *(*unsafe.Pointer)(at)
	if to == nil {
		to = d.allocate(p, 1)
		*(*unsafe.Pointer)(at) = to
	}
	if p.elem.kind != aPointer {
		return d.plain(p.elem, to)
	}
	// A pointer may point to itself.
	if d.inside++; d.inside > maxInside {
		return d.wrong(d.at, tooDeep)
	}
	ok := d.value(p.elem, to)
	d.inside--
	return ok
}

// pointee decodes into what a pointer points to, which is not nil and cannot be set.
func (d *decoder) pointee(pointer reflect.Value) bool {
	if d.at >= len(d.data) {
		return d.wrong(d.at, noValue)
	}
	p := planOf(pointer.Type())
	c := d.data[d.at]
	if p.decodes == jsonMethod || p.decodes == textMethod && c != 'n' {
		return d.callMethod(p, pointer, c)
	}
	if p.elem.kind == aPointer {
		return d.value(p.elem, pointer.UnsafePointer())
	}
	return d.plain(p.elem, pointer.UnsafePointer())
}

// intoInterface decodes into an interface: into what the pointer in it points to, if it has one.
func (d *decoder) intoInterface(p *plan, at unsafe.Pointer, c byte) bool {
	target := reflect.NewAt(p.typ, at).Elem()
	if held := target.Elem(); held.Kind() == reflect.Pointer && !held.IsNil() && (c != 'n' || held.Elem().Kind() == reflect.Pointer) {
		if held.UnsafePointer() != at || held.Type().Elem() != p.typ { // it does not hold its own address
			if d.inside++; d.inside > maxInside {
				return d.wrong(d.at, tooDeep)
			}
			ok := d.pointee(held)
			d.inside--
			return ok
		}
	}
	if p.kind == anAny {
		return d.intoAny(at, c)
	}
	switch c {
	case 'n':
		return d.null(p, at)
	case '"':
		return d.mismatched(p, "string")
	case '{':
		return d.mismatched(p, "object")
	case '[':
		return d.mismatched(p, "array")
	case 't', 'f':
		return d.mismatched(p, "bool")
	}
	return d.mismatched(p, "number")
}

// intoAny decodes into an empty interface, whatever is in it.
func (d *decoder) intoAny(at unsafe.Pointer, c byte) bool {
	v, ok := d.any()
	if v != nil || c == 'n' { // a number that does not fit changes nothing
		*(*any)(at) = v
	}
	return ok
}

// mismatched reads a value that does not fit the plan's type, and notes that.
func (d *decoder) mismatched(p *plan, value string) bool {
	start := d.at
	if !d.skip() {
		return false
	}
	d.mismatches(p.typ, start, value, "")
	return true
}

// mismatches notes that the value at start does not fit, if it is the first.
//
//go:noinline
func (d *decoder) mismatches(t reflect.Type, start int, value, problem string) {
	if d.mismatch == nil {
		d.mismatch = d.typeError(t, start, value, problem)
	}
}

//go:noinline
func (d *decoder) typeError(t reflect.Type, start int, value, problem string) error {
	return &TypeError{Value: value, Problem: problem, Type: t, Offset: int64(start), Path: pathTo(d.root, d.data, start)}
}

// valueName returns the name of the kind of JSON value that starts with c.
func valueName(c byte) string {
	switch c {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}
