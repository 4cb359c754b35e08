package jsoncodec

import (
	"reflect"
	"unsafe"
)

// sliceHeader is a slice in memory.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// nothing is what an empty slice points to.
var nothing struct{}

// slice decodes an array into a slice. As in encoding/json, elements that are there are decoded into.
func (d *decoder) slice(p *plan, at unsafe.Pointer) bool {
	if !d.enter() {
		return false
	}
	c := d.peek()
	if c <= ' ' {
		c = d.afterSpaces()
	}
	s := (*sliceHeader)(at)
	if c == ']' {
		d.at++
		d.open--
		*s = sliceHeader{unsafe.Pointer(&nothing), 0, 0}
		return true
	}
	made := s.cap == 0
	direct := unsupported
	if p.elem.decodes == noMethod {
		if direct = p.elem.kind; direct == anInt && p.elem.size == 8 {
			direct = anInt64
		}
	}
	size := p.elem.size
	i := 0
	for {
		if i >= s.cap {
			d.grow(p, s, i)
		}
		if i >= s.len {
			s.len = i + 1
		}
		element := unsafe.Add(s.data, uintptr(i)*size)
		switch {
		case direct == aStruct && d.peek() == '{':
			if !d.object(p.elem.members, element) {
				return false
			}
		case direct == aString && d.peek() == '"':
			text, ok := d.string()
			if !ok {
				return false
			}
			*(*string)(element) = text
		case direct == anInt64 && d.shortInt(element):
		case direct == aFloat64 && d.shortFloat(element):
		default:
			if !d.value(p.elem, element) {
				return false
			}
		}
		i++
		if c = d.peek(); c <= ' ' {
			c = d.afterSpaces()
		}
		switch c {
		case ',':
			d.at++
			if d.peek() <= ' ' {
				d.afterSpaces()
			}
			continue
		case ']':
		default:
			return d.wrong(d.at, noNextValue)
		}
		break
	}
	d.at++
	d.open--
	s.len = i
	if made {
		p.length.Store(int32(min(i, 1<<30)))
		if s.cap > 2*i && uintptr(s.cap)*size > 256 {
			fit(p, s)
		}
	}
	return true
}

// grow makes room for element i and more.
func (d *decoder) grow(p *plan, s *sliceHeader, i int) {
	if i > 0 {
		reflect.NewAt(p.typ, unsafe.Pointer(s)).Elem().Grow(i)
		return
	}
	// No array has more elements than half the bytes that are left, with a comma between them. The length is taken, and
	// not read: arrays of a type that contains itself are open at the same time, and must not each get that room.
	n := min(max(1, int(p.length.Swap(0))), (len(d.data)-d.at)/2+1)
	*s = sliceHeader{d.allocate(p, n), 0, n}
}

// fit replaces a slice by one without much unused room.
func fit(p *plan, s *sliceHeader) {
	old := reflect.NewAt(p.typ, unsafe.Pointer(s)).Elem()
	exact := reflect.MakeSlice(p.typ, s.len, s.len)
	reflect.Copy(exact, old)
	old.Set(exact)
}

// array decodes a JSON array into a Go array. If the JSON array is longer, the rest is ignored. If it is shorter, the other
// elements of the Go array become zero.
func (d *decoder) array(p *plan, at unsafe.Pointer) bool {
	if !d.enter() {
		return false
	}
	c := d.peek()
	if c <= ' ' {
		c = d.afterSpaces()
	}
	i, ok := 0, true
	for c != ']' {
		if i < p.array {
			ok = d.value(p.elem, unsafe.Add(at, uintptr(i)*p.elem.size))
		} else {
			ok = d.skip()
		}
		if !ok {
			return false
		}
		i++
		if c = d.next(); c == ',' {
			d.at++
			d.next()
		} else if c != ']' {
			return d.wrong(d.at, noNextValue)
		}
	}
	d.at++
	d.open--
	for ; i < p.array; i++ {
		reflect.NewAt(p.elem.typ, unsafe.Add(at, uintptr(i)*p.elem.size)).Elem().SetZero()
	}
	return true
}

// spare is memory for values that pointers point to, and for the elements of short slices. Several are allocated together,
// because an allocation for each takes longer than decoding it. So what the caller keeps holds at most maxTogether values.
type spare struct {
	plan *plan
	next unsafe.Pointer
	// left is how many values there are from next on, and last how many were allocated together.
	left, last int
}

const (
	// maxTogether is how many values are allocated together at most.
	maxTogether = 16
	// maxSmall is the size of the largest value of which several are allocated together, in bytes.
	maxSmall = 256
	// maxFew is the length of the longest slice whose elements are allocated together with others.
	maxFew = 8
)

// allocate returns zeroed memory for n values of what the plan's pointer points to, or for n elements of its slice.
func (d *decoder) allocate(p *plan, n int) unsafe.Pointer {
	if n > maxFew || p.elem.size > maxSmall {
		return p.newArray(n)
	}
	i := 0
	for i < len(d.spares) && d.spares[i].plan != p {
		i++
	}
	if i == len(d.spares) {
		d.spares = append(d.spares, spare{plan: p})
	}
	s := &d.spares[i]
	if s.left < n {
		s.last = max(n, min(2*s.last, maxTogether)) // the first is alone
		s.left = s.last
		s.next = p.newArray(s.left)
	}
	made := s.next
	if s.left -= n; s.left > 0 {
		s.next = unsafe.Add(made, uintptr(n)*p.elem.size)
	}
	return made
}

// newArray returns memory for n values of the plan's element.
func (p *plan) newArray(n int) unsafe.Pointer {
	if n == 1 {
		return reflect.New(p.elem.typ).UnsafePointer() // there may be no slice type
	}
	return reflect.MakeSlice(p.list, n, n).UnsafePointer()
}
