package jsoncodec

import (
	"reflect"
	"strconv"
)

// pathTo returns the way to the value at offset, in JSON that is decoded into a pointer of this type. The text before it
// is right. The way is found only for an error, so that decoding need not keep it.
func pathTo(root reflect.Type, data []byte, offset int) string {
	// container is an object or an array that is open at offset.
	type container struct {
		isObject bool
		// name is where the name of the current member is, and index the number of the current element.
		name, index int
	}
	var open []container
	names := false // what comes next is a name
	for i := 0; i < offset; i++ {
		top := len(open) - 1
		switch data[i] {
		case '"':
			if names {
				open[top].name = i
				names = false
			}
			i, _ = skipString(data, i)
			i--
		case '{':
			open = append(open, container{isObject: true, name: -1})
			names = true
		case '[':
			open = append(open, container{})
		case '}', ']':
			open = open[:top]
			names = false
		case ',':
			open[top].index++
			names = open[top].isObject
		}
	}
	if names { // the value is a name itself
		open[len(open)-1].name = offset
	}
	var path []byte
	p := planOf(root)
	for _, c := range open {
		for p != nil && p.kind == aPointer {
			p = p.elem
		}
		if c.isObject {
			path, p = p.inside(path, data, c.name)
			continue
		}
		path = append(strconv.AppendInt(append(path, '['), int64(c.index), 10), ']')
		if p != nil {
			p = p.elem
		}
	}
	return string(path)
}

// inside appends the member whose name is at i. It returns the plan of the member's value, or nil.
func (p *plan) inside(path, data []byte, i int) ([]byte, *plan) {
	if p != nil && p.kind == aStruct {
		d := decoder{data: data, at: i}
		name, _ := d.bytes()
		if field := p.members.find(name); field != nil {
			if len(path) > 0 {
				path = append(path, '.')
			}
			return append(path, field.name...), field.plan
		}
	}
	path = append(path, "[*]"...)
	if p == nil {
		return path, nil
	}
	return path, p.elem
}
